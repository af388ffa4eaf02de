package dev.sluice.worker.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Names to ids and back, by every way in. */
class HeaderNameTest {

    private static ByteBuffer buffer(String text) {
        ByteBuffer b = ByteBuffer.allocateDirect(64).order(ByteOrder.LITTLE_ENDIAN);
        b.put(3, text.getBytes(StandardCharsets.ISO_8859_1));
        return b;
    }

    private static int scan(String text) {
        ByteBuffer b = buffer(text + ":");
        int colon = NameHash.colon(b, 3, 64);
        return colon < 0 ? -1 : NameHash.idBeforeColon(b, 3, colon - 3);
    }

    @Test
    void everyNameIsFoundInEveryCase() {
        for (int id = 1; id < HeaderName.COUNT; id++) {
            String name = HeaderName.text(id);
            String lower = name.toLowerCase(Locale.ROOT);
            String upper = name.toUpperCase(Locale.ROOT);
            for (String spelling : new String[] {name, lower, upper}) {
                assertEquals(id, HeaderName.idOf(spelling));
                assertEquals(id, HeaderName.idOf(buffer(spelling), 3, spelling.length()));
                assertEquals(spelling.length() < 32 ? id : -1, scan(spelling), spelling);
            }
            assertArrayEquals(name.getBytes(StandardCharsets.US_ASCII), HeaderName.bytes(id));
            assertArrayEquals(lower.getBytes(StandardCharsets.US_ASCII), HeaderName.lower(id));
        }
    }

    @Test
    void constantsHaveTheirNames() throws IllegalAccessException {
        Set<Integer> seen = new HashSet<>();
        for (var field : HeaderName.class.getFields()) {
            int id = field.getInt(null);
            if (!field.getName().equals("COUNT") && !field.getName().equals("UNKNOWN")) {
                String name = HeaderName.text(id).toUpperCase(Locale.ROOT).replace('-', '_');
                assertEquals(field.getName(), name);
                seen.add(id);
            }
        }
        assertEquals(HeaderName.COUNT - 1, seen.size());
    }

    @Test
    void nothingElseIsFound() {
        Random random = new Random(42);
        for (int id = 1; id < HeaderName.COUNT; id++) {
            String name = HeaderName.text(id);
            for (int round = 0; round < 50; round++) {
                char[] chars = name.toCharArray();
                int at = random.nextInt(chars.length);
                char other = (char) random.nextInt(256);
                if (Character.toLowerCase(other) == Character.toLowerCase(chars[at])
                        && other < 0x80 || other == ':') {
                    continue;
                }
                chars[at] = other;
                String changed = new String(chars);
                int found = HeaderName.idOf(changed);
                // One letter may make another known name of it: If-Match, Sec-Fetch-Mode and so on.
                if (found != HeaderName.UNKNOWN) {
                    assertEquals(HeaderName.text(found).toLowerCase(Locale.ROOT),
                            changed.toLowerCase(Locale.ROOT));
                }
                assertEquals(found, scan(changed));
            }
            assertEquals(HeaderName.UNKNOWN, HeaderName.idOf(name + "\u0000"));
            assertEquals(HeaderName.UNKNOWN, HeaderName.idOf(name + "x"));
            assertEquals(HeaderName.UNKNOWN, HeaderName.idOf("\u0000" + name));
            assertEquals(HeaderName.UNKNOWN, scan(name + "\u0000"));
        }
        assertEquals(HeaderName.UNKNOWN, HeaderName.idOf(""));
        assertEquals(HeaderName.UNKNOWN, HeaderName.idOf("x".repeat(33)));
    }

    @Test
    void lowerChangesLettersOnly() {
        for (int c = 0; c < 256; c++) {
            long word = 0x0101010101010101L * c;
            long expected = 0x0101010101010101L * (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
            assertEquals(expected, NameHash.lower(word), "byte " + c);
        }
    }
}
