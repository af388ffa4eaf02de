package dev.sluice.worker.variables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.arena.ByteSink;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EscapingTest {

    private final ByteBuffer memory = ByteBuffer.allocateDirect(4096);
    private final ByteSink sink = new ByteSink();

    private String escape(Escaping how, String latin1) {
        sink.reset(memory, 7, 4096).putAscii("<").putAscii(latin1);
        how.apply(sink, 8);
        return text();
    }

    private String text() {
        byte[] bytes = new byte[sink.position() - 8];
        memory.get(8, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void logsAsNginxDoes() {
        assertEquals("plain 'text' with nothing to do, 0123456789",
                escape(Escaping.LOG, "plain 'text' with nothing to do, 0123456789"));
        assertEquals("\\x22\\x5C\\x0A\\x00\\x7F\\xFF~ ",
                escape(Escaping.LOG, "\"\\\n\u0000\u007f\u00ff~ "));
    }

    @Test
    void makesEveryByteSafeForALog() {
        for (int c = 0; c < 256; c++) {
            for (int place = 0; place < 20; place++) {
                String text = "x".repeat(place) + (char) c + "y".repeat(19 - place);
                boolean special = c < 0x20 || c > 0x7e || c == '"' || c == '\\';
                String expected = special ? String.format("\\x%02X", c) : "" + (char) c;
                assertEquals(text.replace("" + (char) c, expected),
                        escape(Escaping.LOG, text), "byte " + c);
            }
        }
    }

    @Test
    void jsonKeepsUtf8AndShowsWhatIsNone() {
        assertEquals("\\\"\\\\\\n\\r\\t\\b\\f\\u0001\u007f/",
                escape(Escaping.JSON, "\"\\\n\r\t\b\f\u0001\u007f/"));
        String utf8 = new String("\u00e9\u20ac\ud83d\ude00".getBytes(StandardCharsets.UTF_8),
                StandardCharsets.ISO_8859_1);
        assertEquals(utf8, escape(Escaping.JSON, utf8));
        assertEquals("a\\u00FF\\u00C3", escape(Escaping.JSON, "a\u00ff\u00c3"));
        assertEquals("\\u00C0\\u00AF", escape(Escaping.JSON, "\u00c0\u00af"), "overlong");
        assertEquals("\\u00ED\\u00A0\\u0080", escape(Escaping.JSON, "\u00ed\u00a0\u0080"),
                "surrogate");
        assertEquals("\\u00E2\\u0082" + "x" + utf8, escape(Escaping.JSON, "\u00e2\u0082x" + utf8));
    }

    @Test
    void jsonOfRandomBytesIsValidUtf8WithoutControls() throws CharacterCodingException {
        long seed = new Random().nextLong();
        System.out.println("EscapingTest seed " + seed);
        Random random = new Random(seed);
        byte[] bytes = new byte[64];
        for (int round = 0; round < 20_000; round++) {
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                // Mostly sequences that are nearly well formed.
                bytes[i] = random.nextBoolean() ? (byte) (0x80 | bytes[i] & 0x3f) : bytes[i];
            }
            String out = escape(Escaping.JSON, new String(bytes, StandardCharsets.ISO_8859_1));
            ByteBuffer raw = StandardCharsets.ISO_8859_1.encode(out);
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(raw);
            assertTrue(decoded.chars().allMatch(c -> c >= 0x20), () -> "seed " + seed);
        }
    }

    @Test
    void urlsKeepWhatTheyMayContain() {
        assertEquals("/a%20b%3F%23%25%2F%C3%A9%22", escape(Escaping.PATH,
                "/a b?#%25%2F\u00c3\u00a9\""));
        assertEquals("a%26b%3Dc%2B%3F", escape(Escaping.QUERY, "a&b=c+?"));
        assertEquals("http://h:1/a%20b?c=d&e%0D%0A#f[]", escape(Escaping.URL,
                "http://h:1/a b?c=d&e\r\n#f[]"));
        assertEquals("\r\n", escape(Escaping.NONE, "\r\n"));
    }

    @Test
    void whatDoesNotFitIsTakenOutWhole() {
        sink.reset(memory, 0, 12).putAscii("12345678").putAscii("\"");
        Escaping.LOG.apply(sink, 8);
        assertEquals(12, sink.position());
        sink.reset(memory, 0, 11).putAscii("12345678").putAscii("\"");
        Escaping.LOG.apply(sink, 8);
        assertTrue(sink.overflowed());
        assertEquals(8, sink.position());
    }
}
