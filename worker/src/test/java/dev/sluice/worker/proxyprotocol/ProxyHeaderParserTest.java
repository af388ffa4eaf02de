package dev.sluice.worker.proxyprotocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each header is read whole with bytes behind it, and cut at every index. */
class ProxyHeaderParserTest {

    private static final String SIGNATURE = "0D0A0D0A000D0A515549540A";
    private static final String V4 = "C0000207" + "C6336401" + "DC04" + "01BB";

    private final ProxyHeaderParser parser = new ProxyHeaderParser();

    /** What the parser says of bytes that lie somewhere in a buffer. */
    private String say(byte[] bytes, int length) {
        ByteBuffer b = ByteBuffer.allocate(bytes.length + 7);
        b.put(7, bytes);
        int result = parser.parse(b, 7, 7 + length);
        if (result == ProxyHeaderParser.NEED_MORE) {
            return "more";
        }
        if (result == ProxyHeaderParser.BAD) {
            return "bad: " + parser.error();
        }
        return result + (!parser.isKnown() ? " nobody" : " " + (parser.isV4() ? "4 " : "6 ")
                + address(parser.sourceHigh(), parser.sourceLow()) + " " + parser.sourcePort()
                + " " + address(parser.targetHigh(), parser.targetLow()) + " "
                + parser.targetPort());
    }

    private static String address(long high, long low) {
        return Long.toHexString(high) + ":" + Long.toHexString(low);
    }

    private void check(byte[] header, String expected) {
        byte[] followed = new byte[header.length + 18];
        System.arraycopy(header, 0, followed, 0, header.length);
        System.arraycopy(ascii("GET / HTTP/1.1\r\n\r\n"), 0, followed, header.length, 18);
        assertEquals(header.length + " " + expected, say(followed, followed.length));
        assertEquals(header.length + " " + expected, say(header, header.length));
        for (int cut = 0; cut < header.length; cut++) {
            assertEquals("more", say(header, cut), "cut at " + cut);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "TCP4 192.0.2.7 198.51.100.1 56324 443, 4 0:ffffc0000207 56324 0:ffffc6336401 443",
        "TCP4 255.255.255.255 255.255.255.255 65535 65535,"
                + " 4 0:ffffffffffff 65535 0:ffffffffffff 65535",
        "TCP4 0.0.0.0 0.0.0.0 0 0, 4 0:ffff00000000 0 0:ffff00000000 0",
        "TCP6 2001:db8::1 ::1 1 2, 6 20010db800000000:1 1 0:1 2",
        "TCP6 ::ffff:192.0.2.7 ::1 1 2, 6 0:ffffc0000207 1 0:1 2",
        "UNKNOWN, nobody",
        "UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535, nobody",
    })
    void aFirstLine(String words, String expected) {
        check(ascii("PROXY " + words + "\r\n"), expected);
    }

    @Test
    void theLongestFirstLine() {
        String six = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        String longest = "PROXY UNKNOWN " + six + " " + six + " 65535 65535\r\n";
        assertEquals(107, longest.length());
        check(ascii(longest), "nobody");
        byte[] longer = ascii("PROXY UNKNOWN " + "x".repeat(92) + "\r\n");
        assertEquals(108, longer.length);
        assertEquals("bad: a first line of more than 107 bytes", say(longer, 108));
        assertEquals("bad: a first line of more than 107 bytes", say(longer, 107));
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/1.1, neither version of the protocol",
        "PROXYTCP4, neither version of the protocol",
        "PUT / HTTP/1.1, neither version of the protocol",
        "PROXY TCP5 1.2.3.4 1.2.3.4 1 2, an unknown family",
        "PROXY UNKNOWNS, an unknown family",
        "PROXY UDP4 1.2.3.4 1.2.3.4 1 2, an unknown family",
        "'PROXY  TCP4 1.2.3.4 1.2.3.4 1 2', an unknown family",
        "PROXY TCP4 ::1 1.2.3.4 1 2, an address that is none of its family",
        "PROXY TCP6 1.2.3.4 ::1 1 2, an address that is none of its family",
        "PROXY TCP4 1.2.3.256 1.2.3.4 1 2, an address that is none of its family",
        "'PROXY TCP4 1.2.3.4  1.2.3.4 1 2', an address that is none of its family",
        "PROXY TCP4 1.2.3.4 1.2.3.4, an address that is none of its family",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1, a port that is none",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 , a port that is none",
        "PROXY TCP4 1.2.3.4 1.2.3.4 65536 1, a port that is none",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 01, a port that is none",
        "PROXY TCP4 1.2.3.4 1.2.3.4 -1 1, a port that is none",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3, a port that is none",
    })
    void noFirstLine(String line, String expected) {
        byte[] bytes = ascii(line + "\r\n");
        assertEquals("bad: " + expected, say(bytes, bytes.length));
    }

    @Test
    void aFirstLineEndsWithBothItsBytes() {
        byte[] bytes = ascii("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\rX");
        assertEquals("bad: a first line without an end", say(bytes, bytes.length));
    }

    @ParameterizedTest
    @CsvSource({
        "21 11 000C " + V4 + ", 4 0:ffffc0000207 56324 0:ffffc6336401 443",
        "21 11 0014 " + V4 + " 03 0004 01020304 04 0000 EE, ",
        "21 11 0013 " + V4 + " 03 0004 01020304,"
                + " 4 0:ffffc0000207 56324 0:ffffc6336401 443",
        "21 12 000C " + V4 + ", nobody",
        "21 00 0000, nobody",
        "21 00 0003 010203, nobody",
        "20 00 0000, nobody",
        "20 11 000C " + V4 + ", nobody",
        "20 11 0005 0102030405, nobody",
    })
    void aBinaryHeader(String digits, String expected) {
        byte[] bytes = hex(SIGNATURE + digits);
        if (expected == null) {
            assertEquals("bad: values that do not fit", say(bytes, bytes.length));
        } else {
            check(bytes, expected);
        }
    }

    @Test
    void aBinaryHeaderOfIpv6AndOfUnix() {
        String six = "20010DB8000000000000000000000001" + "00000000000000000000000000000001"
                + "0001" + "0002";
        check(hex(SIGNATURE + "21 21 0024" + six), "6 20010db800000000:1 1 0:1 2");
        check(hex(SIGNATURE + "21 31 00D8" + "61".repeat(216)), "nobody");
    }

    @ParameterizedTest
    @CsvSource({
        "22 11 000C, an unknown version or command",
        "11 11 000C, an unknown version or command",
        "21 41 000C, an unknown family",
        "21 13 000C, an unknown family",
        "21 11 FFFF, a header of more than 4096 bytes",
        "21 11 0FF1, a header of more than 4096 bytes",
        "21 11 000B " + "0102030405060708090A0B, addresses that are cut off",
        "21 11 000E " + V4 + "0300, values that do not fit",
        "21 11 000F " + V4 + "030001, values that do not fit",
    })
    void noBinaryHeader(String digits, String expected) {
        byte[] bytes = hex(SIGNATURE + digits);
        assertEquals("bad: " + expected, say(bytes, bytes.length));
    }

    @Test
    void itIsRefusedAtTheFirstByteThatCannotBelongToIt() {
        byte[] wrong = hex("0D0A0D0A000D0A515549540B");
        assertEquals("more", say(wrong, 11));
        assertEquals("bad: neither version of the protocol", say(wrong, 12));
        byte[] version = hex(SIGNATURE + "31");
        assertEquals("bad: an unknown version or command", say(version, 13));
        assertEquals("bad: neither version of the protocol", say(ascii("PRO\r"), 4));
    }

    /** Whatever comes: an answer, and never one beyond what came. */
    @Test
    void anyBytes() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[][] starts = {hex(SIGNATURE + "2111"), hex(SIGNATURE + "2121"), hex(SIGNATURE),
            ascii("PROXY TCP4 1.2.3.4 "), ascii("PROXY TCP6 ::1 "), {}};
        int good = 0;
        for (int i = 0; i < 100_000; i++) {
            var all = new ByteArrayOutputStream();
            all.writeBytes(starts[random.nextInt(starts.length)]);
            byte[] more = new byte[random.nextInt(300)];
            random.nextBytes(more);
            for (int j = 0; j < more.length && random.nextBoolean(); j++) {
                more[j] = (byte) "0123456789.: \r\n\0".charAt(random.nextInt(16));
            }
            if (more.length > 1 && random.nextBoolean()) {
                more[0] = 0;
            }
            all.writeBytes(more);
            byte[] bytes = all.toByteArray();
            int result = parser.parse(ByteBuffer.wrap(bytes), 0, bytes.length);
            assertTrue(result >= ProxyHeaderParser.BAD && result <= bytes.length, "seed " + seed);
            good += result > 0 ? 1 : 0;
        }
        assertTrue(good > 3, good + " headers");
    }
}
