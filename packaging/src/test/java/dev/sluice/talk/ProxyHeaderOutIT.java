package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A peer that asks for it is told of the client before HTTP begins, in text or in bytes. */
final class ProxyHeaderOutIT {

    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    /** Version 2 and PROXY, TCP over IPv4, 12 bytes follow. */
    private static final int WORD_OF_IPV4 = 0x2111000c;

    @Test
    void eachVersionNamesTheClient() throws Exception {
        try (var text = ScriptedUpstream.playing(talk -> {
                    String line = Response.line(talk.in());
                    talk.readRequest();
                    talk.answer(200, line);
                });
                var bytes = ScriptedUpstream.playing(talk -> {
                    ByteBuffer head = ByteBuffer.wrap(talk.in().readNBytes(28));
                    byte[] signature = new byte[SIGNATURE.length];
                    head.get(signature);
                    assertArrayEquals(SIGNATURE, signature);
                    assertEquals(WORD_OF_IPV4, head.getInt());
                    String addresses = Integer.toHexString(head.getInt()) + " "
                            + Integer.toHexString(head.getInt()) + " "
                            + (head.getShort() & 0xffff) + " " + (head.getShort() & 0xffff);
                    talk.readRequest();
                    talk.answer(200, addresses);
                });
                var sluice = RunningSluice.with("""
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /text]
                        proxy_protocol = v1
                        proxy_pass = http://%s
                        [location s /bytes]
                        proxy_protocol = v2
                        proxy_pass = http://%s
                        """.formatted(text.address(), bytes.address())).start();
                var client = sluice.client();
                var other = sluice.client()) {
            for (RawClient one : new RawClient[] {client, other, client}) {
                assertEquals("PROXY TCP4 127.0.0.1 127.0.0.1 %d %d".formatted(
                        one.localPort(), sluice.port()), one.get("/text").response().text());
                assertEquals("7f000001 7f000001 %d %d".formatted(
                        one.localPort(), sluice.port()), one.get("/bytes").response().text());
            }
        }
    }
}
