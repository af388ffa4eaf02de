package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quotes and comments. */
class WordsTest {

    @Test
    void wordsAndQuotes() throws BadValue {
        assertEquals(List.of("a", "b c", "d"), Words.split("a \"b c\"\t d "));
        assertEquals(List.of("it's", "so"), Words.split("it's so"));
        assertEquals(List.of("{\"a\":1}"), Words.split("'{\"a\":1}'"));
        assertEquals(List.of("say=a b", ""), Words.split("say='a b' \"\""));
        assertEquals(List.of("^/\\d+\\.x$", "\\"), Words.split("^/\\d+\\.x$ \\"));
    }

    @Test
    void aQuoteMustEnd() {
        assertThrows(BadValue.class, () -> Words.split("a \"b"));
        assertThrows(BadValue.class, () -> Words.split("'b"));
        assertEquals(-1, Words.commentStart("a = \"b # c"));
    }

    @Test
    void commentsBeginAfterSpaceOutsideQuotes() {
        assertEquals(0, Words.commentStart("# all"));
        assertEquals(6, Words.commentStart("a = b ; c \" d"));
        assertEquals(7, Words.commentStart("a = b;"  + " #c"));
        assertEquals(9, Words.commentStart("a = b;#c!"));
        assertEquals(11, Words.commentStart("a = \"b ; c\""));
        assertEquals(10, Words.commentStart("a = don't # '"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a b", "\"", "'", "a'b", "'a\"b c\"", "# x", ";", "\"'\"'",
        "\\", "x=\"y\""})
    void quotingGivesTheWordBack(String word) throws BadValue {
        assertEquals(List.of(word), Words.split(Words.quote(word)));
        String line = "k = " + Words.quote(word);
        assertEquals(line.length(), Words.commentStart(line));
        assertEquals(line.length() + 2, Words.commentStart(line + "  ; comment"));
    }

    @Test
    void onlyAWholeQuotationIsUnwrapped() {
        assertEquals("a \"b\" c", Words.unquoteWhole("'a \"b\" c'"));
        assertEquals("\"a\" \"b\"", Words.unquoteWhole("\"a\" \"b\""));
        assertEquals("", Words.unquoteWhole("\"\""));
        assertEquals("'", Words.unquoteWhole("'"));
    }
}
