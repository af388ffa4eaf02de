package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.identity.MadeCertificate;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Bodies pass in either direction with TLS at both ends, and out of a file, and the second time
 * the worker needs no more memory than the first, when its code was compiled.
 */
final class BigTlsBodyIT {

    private static final int BYTES = 1 << 26;
    private static final byte[] PIECE = new byte[256 * 1024];

    @Test
    void memoryIsFlat() throws Exception {
        MadeCertificate own = Certificates.ofServer("own.test");
        MadeCertificate theirs = Certificates.ofServer("peer.test");
        try (var peer = ScriptedUpstream.playing(Certificates.context(theirs), talk -> {
                    talk.readHead();
                    if (talk.head().startsWith("PUT")) {
                        BigBodyIT.skip(talk.in(), BYTES);
                        talk.answer(200, "got it");
                    } else {
                        talk.send("HTTP/1.1 200 OK\r\nContent-Length: " + BYTES + "\r\n\r\n");
                        for (int sent = 0; sent < BYTES; sent += PIECE.length) {
                            talk.out().write(PIECE);
                        }
                    }
                    talk.waitForEnd();
                });
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s
                        keepalive = 0
                        [server plain]
                        listen = 127.0.0.1:@PORT@
                        [server s]
                        listen = 127.0.0.1:@PORT:tls@ ssl
                        ssl_certificate = @DIR@/own.crt
                        ssl_certificate_key = @DIR@/own.key
                        client_max_body_size = 1g
                        root = @DIR@/www
                        [location s /peer]
                        proxy_pass = https://app
                        proxy_ssl_name = peer.test
                        proxy_ssl_trusted_certificate = @DIR@/peer.crt
                        """.formatted(peer.address())).file("own.crt", own.pem())
                        .file("own.key", own.keyPem()).file("peer.crt", theirs.pem())
                        .file("www/big.bin", new byte[0]).start()) {
            try (var file = Files.newByteChannel(sluice.folder().resolve("www/big.bin"),
                    StandardOpenOption.WRITE)) {
                file.position(BYTES - 1).write(ByteBuffer.wrap(new byte[1]));
            }
            var secure = new SecureClient(own);
            pass(sluice, secure);
            var memory = new FlatMemory(sluice);
            pass(sluice, secure);
            memory.check();
        }
    }

    private static void pass(RunningSluice sluice, SecureClient secure) throws Exception {
        for (String target : List.of("/big.bin", "/peer")) {
            try (RawClient client = secure.connect(sluice.port("tls"), "own.test")) {
                client.get(target);
                assertEquals(Integer.toString(BYTES),
                        client.responseHead().field("Content-Length"));
                BigBodyIT.skip(client.in(), BYTES);
            }
        }
        try (RawClient client = secure.connect(sluice.port("tls"), "own.test")) {
            client.request("PUT /peer HTTP/1.1", "Host: h", "Content-Length: " + BYTES);
            for (int sent = 0; sent < BYTES; sent += PIECE.length) {
                client.send(PIECE);
            }
            assertEquals("got it", client.response().text());
        }
    }
}
