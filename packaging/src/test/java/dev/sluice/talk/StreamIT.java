package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.identity.MadeCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Connections without HTTP, beside a server or alone, by the distribution. */
final class StreamIT {

    /** Sends back what it gets, and a last word when the client has ended. */
    private static void echo(UpstreamTalk talk) throws IOException {
        byte[] piece = new byte[16 * 1024];
        for (int n = talk.in().read(piece); n >= 0; n = talk.in().read(piece)) {
            talk.out().write(piece, 0, n);
        }
        talk.send("end");
    }

    @Test
    void sessionOutlivesAReloadAndIsLogged() throws Exception {
        String text = """
                [server s]
                listen = 127.0.0.1:@PORT@
                metrics = on
                return = 200 web

                [stream echo]
                listen = 127.0.0.1:@PORT:tcp@
                proxy_pass = 127.0.0.1:%d
                access_log = @DIR@/stream.log session flush=50ms
                """;
        try (var peer = ScriptedUpstream.playing(StreamIT::echo);
                var sluice = RunningSluice.with(text.formatted(peer.port()))
                        .main("worker_shutdown_timeout = 30s").start();
                var client = RawClient.connect(sluice.port("tcp"))) {
            byte[] much = new byte[3 << 20];
            new Random(1).nextBytes(much);
            Thread sender = Thread.ofPlatform().daemon().start(() -> {
                try {
                    client.send(much);
                } catch (IOException gone) {
                    throw new UncheckedIOException(gone);
                }
            });
            assertArrayEquals(much, client.readExactly(much.length));
            sender.join();
            try (var web = sluice.client()) {
                String metrics = web.get("/metrics").response().text();
                assertTrue(metrics.contains("sluice_stream_sessions_active 1"), metrics);
            }
            sluice.writeConfiguration(text.formatted(peer.port())
                    .replace("[stream echo]", "[stream other]"));
            sluice.signal("HUP");
            sluice.awaitErrorLog("generation 2 serves");
            sluice.awaitErrorLog("stream + other");
            client.send("still");
            assertEquals("still", new String(client.readExactly(5)));
            client.closeOutput();
            assertEquals("end", client.readUntilClosed());
            sluice.awaitErrorLog("has drained");
            // The worker has said so; what it logs is written out until it has ended.
            Path log = sluice.folder().resolve("stream.log");
            Await.that("a line of the session", () -> log.toFile().length() > 0);
            String line = Files.readString(log);
            assertTrue(line.startsWith("127.0.0.1 [") && line.contains("] TCP 200 3145736 3145733 ")
                    && line.endsWith(" \"127.0.0.1:" + peer.port() + "\" done\n"), line);
        }
    }

    /** TLS ends at one stream, passes through another, and begins at a third; no server at all. */
    @Test
    void tlsOfAllKinds() throws Exception {
        MadeCertificate own = Certificates.ofServer("own.test");
        try (var peer = ScriptedUpstream.playing(StreamIT::echo);
                var sluice = RunningSluice.with("""
                        [upstream plain]
                        server = 127.0.0.1:%d

                        [upstream secure]
                        server = 127.0.0.1:@PORT:ends@

                        [map where]
                        source = $ssl_preread_server_name
                        value = *.test secure
                        default = plain

                        [stream ends]
                        listen = 127.0.0.1:@PORT:ends@ ssl
                        ssl_certificate = @DIR@/own.crt
                        ssl_certificate_key = @DIR@/own.key
                        proxy_pass = plain

                        [stream passes]
                        listen = 127.0.0.1:@PORT:passes@
                        ssl_preread = on
                        proxy_pass = $where

                        [stream begins]
                        listen = 127.0.0.1:@PORT:begins@
                        proxy_pass = secure
                        proxy_ssl = on
                        proxy_ssl_name = own.test
                        proxy_ssl_trusted_certificate = @DIR@/own.crt
                        """.formatted(peer.port())).file("own.crt", own.pem())
                        .file("own.key", own.keyPem()).start()) {
            sluice.awaitErrorLog("serves");
            var secure = new SecureClient(own);
            for (String stream : List.of("ends", "passes")) {
                try (var client = secure.connect(sluice.port(stream), "own.test")) {
                    client.send("hello");
                    assertEquals("hello", new String(client.readExactly(5)), stream);
                }
            }
            try (var client = RawClient.connect(sluice.port("begins"))) {
                client.send("hello");
                assertEquals("hello", new String(client.readExactly(5)));
            }
            try (var client = RawClient.connect(sluice.port("passes"))) {
                client.send("HELP").closeOutput();
                assertEquals("HELPend", client.readUntilClosed());
            }
        }
    }

    private static String datagramsTo(DatagramSocket peer) {
        return """
                [stream echo]
                listen = 127.0.0.1:@PORT:udp@ udp
                proxy_pass = 127.0.0.1:%d
                proxy_responses = 1
                """.formatted(peer.getLocalPort());
    }

    /** A datagram and its answer; the socket's number came from the master. */
    @Test
    void datagrams() throws Exception {
        try (var peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                var client = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                var sluice = RunningSluice.with(datagramsTo(peer)).start()) {
            sluice.awaitErrorLog("generation 1 serves");
            peer.setSoTimeout(Await.PATIENCE_SECONDS * 1000);
            client.setSoTimeout(Await.PATIENCE_SECONDS * 1000);
            // One of them begins a reload, in which none is lost.
            for (int i = 0; i < 3 || !sluice.errorLog().contains("generation 2 serves"); i++) {
                assertTrue(i < 1_000_000, sluice::errorLog);
                if (i == 1) {
                    sluice.writeConfiguration(datagramsTo(peer) + "proxy_timeout = 5s\n");
                    sluice.signal("HUP");
                }
                client.send(new DatagramPacket(new byte[] {1, 2, 3}, 3,
                        InetAddress.getLoopbackAddress(), sluice.port("udp")));
                var seen = new DatagramPacket(new byte[10], 10);
                peer.receive(seen);
                assertEquals(3, seen.getLength());
                peer.send(new DatagramPacket(new byte[] {4, 5}, 2, seen.getSocketAddress()));
                client.receive(seen);
                assertEquals(2, seen.getLength());
                assertEquals(sluice.port("udp"), seen.getPort());
            }
        }
    }
}
