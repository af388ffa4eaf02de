package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The PROXY protocol from clients: believed of those who are trusted, however it arrives. */
final class ProxyHeaderInIT {

    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final String V1 = "PROXY TCP4 192.0.2.7 198.51.100.9 4711 443\r\n";
    private static final String V1_SIX = "PROXY TCP6 2001:db8::7 2001:db8::9 4711 443\r\n";

    private static RunningSluice sluice;

    @BeforeAll
    static void start() throws Exception {
        String say = "return = 200 \"$remote_addr $remote_port $proxy_protocol_server_addr"
                + " $proxy_protocol_server_port $realip_remote_addr\"\n";
        sluice = RunningSluice.with("""
                [server plain]
                listen = 127.0.0.1:@PORT@
                return = 200 plain
                [server trusted]
                listen = 127.0.0.1:@PORT:trusted@ proxy_protocol
                set_real_ip_from = 127.0.0.0/8
                real_ip_header = proxy_protocol
                %s[server untrusted]
                listen = 127.0.0.1:@PORT:untrusted@ proxy_protocol
                set_real_ip_from = 10.0.0.0/8
                real_ip_header = proxy_protocol
                %s""".formatted(say, say)).start();
    }

    @AfterAll
    static void stop() {
        sluice.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** @param rest addresses, and what follows them */
    private static byte[] v2(int command, int family, int length, byte[] rest)
            throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(SIGNATURE);
        out.write(command);
        out.write(family);
        out.writeShort(length);
        out.write(rest);
        return bytes.toByteArray();
    }

    private static byte[] ends(int... more) {
        byte[] rest = Arrays.copyOf(new byte[] {(byte) 192, 0, 2, 7, (byte) 198, 51, 100, 9,
            0x12, 0x67, 0x01, (byte) 0xbb}, 12 + more.length);
        for (int i = 0; i < more.length; i++) {
            rest[12 + i] = (byte) more[i];
        }
        return rest;
    }

    private static String ask(byte[]... parts) throws Exception {
        try (var client = RawClient.connect(sluice.port("trusted"))) {
            for (byte[] part : parts) {
                client.send(part);
            }
            return client.get("/").response().text();
        }
    }

    @Test
    void eachVersionAndFamily() throws Exception {
        String four = "192.0.2.7 4711 198.51.100.9 443 127.0.0.1";
        assertEquals(four, ask(ascii(V1)));
        assertEquals("2001:db8::7 4711 2001:db8::9 443 127.0.0.1", ask(ascii(V1_SIX)));
        assertEquals(four, ask(v2(PROXY, TCP4, 12, ends())));
        // A checksum and an unknown value; the one nobody checks, the other nobody knows.
        assertEquals(four, ask(v2(PROXY, TCP4, 20, ends(3, 0, 1, 9, 0xee, 0, 1, 9))));
        String own = ask(v2(LOCAL, TCP4, 12, ends()));
        assertEquals("127.0.0.1", own.substring(0, own.indexOf(' ')), "a check of the proxy");
        String unknown = ask(ascii("PROXY UNKNOWN whatever\r\n"));
        assertEquals("127.0.0.1", unknown.substring(0, unknown.indexOf(' ')));
    }

    @Test
    void inAnyPieces() throws Exception {
        byte[][] headers = {ascii(V1), v2(PROXY, TCP4, 16, ends(0xee, 0, 1, 9))};
        for (byte[] header : headers) {
            for (int at = 1; at < header.length; at++) {
                assertEquals("192.0.2.7 4711 198.51.100.9 443 127.0.0.1",
                        ask(Arrays.copyOf(header, at),
                                Arrays.copyOfRange(header, at, header.length)), "at " + at);
            }
            byte[][] bytes = new byte[header.length][];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = new byte[] {header[i]};
            }
            assertEquals("192.0.2.7 4711 198.51.100.9 443 127.0.0.1", ask(bytes));
        }
    }

    @Test
    void whatIsNoHeaderEndsTheConnection() throws Exception {
        Map<String, byte[]> bad = new LinkedHashMap<>();
        bad.put("no header", ascii("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
        bad.put("too long", ascii("PROXY TCP4 " + "1".repeat(200) + "\r\n"));
        bad.put("no address", ascii("PROXY TCP4 192.0.2.777 198.51.100.9 4711 443\r\n"));
        bad.put("another family", ascii("PROXY TCP4 2001:db8::7 2001:db8::9 4711 443\r\n"));
        bad.put("a port above all", ascii("PROXY TCP4 192.0.2.7 198.51.100.9 99999 443\r\n"));
        bad.put("a bare LF", ascii("PROXY TCP4 192.0.2.7 198.51.100.9 4711 443\nGET /\r\n"));
        bad.put("a signature cut short", ascii("\r\n\r\n\0\r\nQUIX\n"));
        bad.put("another version", v2(0x31, TCP4, 12, ends()));
        bad.put("another command", v2(0x22, TCP4, 12, ends()));
        bad.put("addresses that are cut off", v2(PROXY, TCP6, 12, ends()));
        bad.put("a value beyond the end", v2(PROXY, TCP4, 15, ends(0xee, 0xff, 0xff)));
        bad.put("64 KiB to come", v2(PROXY, TCP4, 0xffff, ends()));
        for (var one : bad.entrySet()) {
            try (var client = RawClient.connect(sluice.port("trusted"))) {
                client.send(one.getValue());
                assertEquals("", client.readUntilClosed(), one.getKey());
            }
        }
        try (var client = RawClient.connect(sluice.port("trusted"))) {
            assertEquals(400, client.send(V1 + V1).response().status(), "one header, not two");
        }
    }

    @Test
    void whoIsNotTrustedIsRefused() throws Exception {
        for (String first : new String[] {V1, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"}) {
            try (var client = RawClient.connect(sluice.port("untrusted"))) {
                client.send(first);
                assertEquals("", client.readUntilClosed());
            }
        }
        sluice.awaitErrorLog("sent by an address that is not in set_real_ip_from");
    }
}
