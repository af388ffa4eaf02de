package dev.sluice.worker.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtocolTest {

    /** The whole is what it is; of its beginnings none is taken for something else. */
    @ParameterizedTest
    @CsvSource({
        "HTTP, GET / HTTP/1.1", "HTTP, OPTIONS * HTTP/1.1", "HTTP, GET http://a/ HTTP/1.1",
        "HTTP, CONNECT a:443 HTTP/1.1", "HTTP, PRI * HTTP/2.0", "HTTP, PROPFIND / HTTP/1.1",
        "HTTP, VERSION-CONTROL /x HTTP/1.1",
        "PROXY, PROXY TCP4 192.0.2.1 192.0.2.2 1 2", "OTHER, SSH-2.0-OpenSSH_9.2",
        "OTHER, EHLO example.com", "OTHER, USER anonymous", "OTHER, get / HTTP/1.1",
        "OTHER, ABCDEFGHIJKLMNOPQRSTUVWXYZ /", "OTHER, { }"
    })
    void firstBytes(Protocol expected, String text) {
        check(expected, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource({"TLS, 1603010200010001fc0303", "OTHER, 1602", "OTHER, 00000008", "OTHER, 0d0a0d0b",
        "PROXY, 0d0a0d0a000d0a515549540a2111000c"})
    void firstBytesInHex(Protocol expected, String hex) {
        check(expected, HexFormat.of().parseHex(hex));
    }

    private static void check(Protocol expected, byte[] bytes) {
        ByteBuffer b = ByteBuffer.wrap(bytes);
        boolean known = false;
        for (int count = 0; count <= bytes.length; count++) {
            Protocol found = Protocol.of(b, count);
            assertTrue(found == expected || !known && found == Protocol.UNKNOWN,
                    found + " after " + count);
            known = found == expected;
        }
        assertEquals(expected, Protocol.of(b, bytes.length));
    }
}
