package dev.sluice.common.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** The order of the parts, and that no text from outside can forge a line. */
final class LogLineTest {
    private static final ByteBuffer REQUEST = ascii("xxGET /a HTTP/1.1\r\n");

    private final LogLine line = new LogLine();

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void partsComeInOrder() {
        line.start("connect() failed")
                .cause("Connection refused")
                .during("connecting to upstream")
                .client("192.0.2.7")
                .listener("0.0.0.0:80")
                .server("www")
                .location("/api/")
                .request(REQUEST, 2, 15)
                .upstream("http://10.0.0.1:8080");
        assertEquals(
                "connect() failed: Connection refused while connecting to upstream, client:"
                        + " 192.0.2.7, listener: 0.0.0.0:80, server: www, location: /api/, request:"
                        + " \"GET /a HTTP/1.1\", upstream: \"http://10.0.0.1:8080\"",
                line.toString());
    }

    @Test
    void absentPartsAreLeftOut() {
        line.start("client closed").client("192.0.2.7").server(null).request(REQUEST, 0, 0);
        assertEquals("client closed, client: 192.0.2.7", line.toString());
        assertEquals("again", line.start("again").upstream("").toString());
    }

    @Test
    void secretsOfQueriesAreNotInIt() {
        line.start("x").request(ascii("GET /a?token=hush HTTP/1.1"), 0, 26)
                .upstream("http://10.0.0.1/b?token=hush");
        assertEquals("x, request: \"GET /a?token=*** HTTP/1.1\", upstream:"
                + " \"http://10.0.0.1/b?token=***\"", line.toString());
    }

    @Test
    void swappedPartsAreABug() {
        line.start("x").server("www");
        assertThrows(AssertionError.class, () -> line.client("192.0.2.7"));
    }

    @Test
    void noByteOfARequestForgesALine() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        String text = line.start("x").request(ByteBuffer.wrap(all), 0, 256).toString();
        assertTrue(text.chars().allMatch(c -> c >= 0x20 && c < 0x7f), text);
        assertTrue(text.startsWith("x, request: \"\\x00\\x01"), text);
        assertTrue(text.contains("!\\x22#"), text);
        assertTrue(text.contains("[\\x5C]"), text);
        assertTrue(text.endsWith("\\xFE\\xFF\""), text);
    }

    @Test
    void noTextForgesALine() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ErrorLineFormat format = new ErrorLineFormat(1, 0, TimeZone.getTimeZone("UTC"));
        for (int i = 0; i < 1000; i++) {
            StringBuilder s = new StringBuilder();
            for (int k = random.nextInt(20); k >= 0; k--) {
                s.append((char) random.nextInt(random.nextBoolean() ? 0x20 : 0x2100));
            }
            line.start(s).client(s).request(s).upstream(s);
            assertFalse(forges(line.toString()), () -> "seed " + seed);
            byte[] whole = format.line(Level.ERROR, 0, s.toString());
            String text = new String(whole, StandardCharsets.UTF_8);
            assertFalse(forges(text.substring(0, text.length() - 1)), () -> "seed " + seed);
        }
    }

    private static boolean forges(String s) {
        return s.chars().anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
    }

    @Test
    void aPartIsCut() {
        String text = line.start("x").request("a".repeat(5000)).toString();
        assertTrue(text.length() < LogLine.PART_BYTES_MAX + 50);
        assertTrue(text.endsWith("aaa...\""));
    }
}
