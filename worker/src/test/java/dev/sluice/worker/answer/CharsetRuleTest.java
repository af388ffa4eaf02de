package dev.sluice.worker.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.CharsetConfig;
import dev.sluice.worker.arena.ByteSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code charset} does to the head of an answer; nginx does the same. */
class CharsetRuleTest {

    private static final CharsetRule RULE = new CharsetRule(
            new CharsetConfig("utf-8", List.of("text/plain", "font/*")));

    private static String head(String type) {
        return "HTTP/1.1 200 OK\r\nServer: sluice\r\nContent-Type: " + type
                + "\r\nETag: \"a\"\r\n";
    }

    private final ByteSink head = new ByteSink();

    private String edited(CharsetRule rule, String text, int room) {
        ByteBuffer memory = ByteBuffer.allocateDirect(text.length() + room);
        head.reset(memory, 0, memory.capacity()).putAscii(text);
        rule.apply(head, 0);
        byte[] bytes = new byte[head.position()];
        memory.get(0, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource({"text/plain, text/plain; charset=utf-8", "TEXT/HTML, TEXT/HTML; charset=utf-8",
        "text/plain;charset=koi8-r, text/plain;charset=koi8-r", "image/png, image/png",
        "text/plain; format=flowed, text/plain; format=flowed", "text/plainer, text/plainer",
        "font/woff2, font/woff2; charset=utf-8", "fon, fon"})
    void typesThatAreListedAndSayNothing(String type, String sent) {
        assertEquals(head(sent), edited(RULE, head(type), 64));
    }

    @Test
    void aStarIsAllTypes() {
        assertEquals(head("image/png; charset=utf-8"),
                edited(new CharsetRule(new CharsetConfig("utf-8", List.of("*"))),
                        head("image/png"), 64));
    }

    @Test
    void whatHasNoTypeGetsNone() {
        String none = "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n";
        assertEquals(none, edited(RULE, none, 64));
    }

    @Test
    void aHeadThatDoesNotFitSaysSo() {
        assertEquals(head("text/html"), edited(RULE, head("text/html"), 5));
        assertTrue(head.overflowed());
    }
}
