package dev.sluice.worker.match;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytePatternTest {

    private static boolean find(BytePattern pattern, String path) {
        ByteBuffer b = ByteBuffer.wrap(("xx" + path).getBytes(StandardCharsets.ISO_8859_1));
        return pattern.find(b, 2, b.capacity() - 2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
        "^/api/v1/(.*)$ /api/v1/",
        "^/a+ /a",
        "^/ab? /a",
        "^/ab* /a",
        "^/ab{2} /a",
        "^/a\\.b /a.b",
        "^/a\\.? /a",
        "^/a\\d /a",
        "^/a\\-b\\/c$ /a-b/c",
    })
    void comparesTheLiteralBeginningFirst(String regex, String prefix) {
        String found = new String(BytePattern.literalPrefix(regex, false),
                StandardCharsets.US_ASCII);
        assertEquals(prefix, found);
    }

    @ParameterizedTest
    @CsvSource({"/api", "^/a|^/b", "(?i)^/a", "^(/a)", "^[/]a", "^^/a", "^.a"})
    void comparesNothingFirstWhereItCouldBeWrong(String regex) {
        assertEquals(0, BytePattern.literalPrefix(regex, false).length);
    }

    @Test
    void ignoresCaseInTheLiteralBeginningToo() {
        BytePattern pattern = new BytePattern("^/Api/(.)$", true);
        assertTrue(find(pattern, "/aPI/K"));
        assertArrayEquals(new String[] {"/aPI/K", "K"}, pattern.captures());
        assertFalse(find(pattern, "/aPX/K"));
    }

    @Test
    void aByteOfABrokenCharacterDoesNotEndTheText() {
        assertFalse(find(new BytePattern("\\.php$", false), "/x.php\u00c3"));
        assertTrue(find(new BytePattern("\\.php.$", false), "/x.php\u00c3"));
    }
}
