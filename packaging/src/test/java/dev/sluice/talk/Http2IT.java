package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.identity.MadeCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** HTTP/2 with a client that others have written, that of the JDK. */
final class Http2IT {

    private static final String SERVER = """
            [upstream app]
            server = %s
            [server s]
            listen = 127.0.0.1:@PORT@
            listen = 127.0.0.1:@PORT:tls@ ssl
            ssl_certificate = @DIR@/s.crt
            ssl_certificate_key = @DIR@/s.key
            http2 = on
            root = @DIR@/www
            [location s /return]
            return = 200 "$request $server_protocol generation-1"
            [location s /app/]
            proxy_pass = http://app
            """;

    private static MadeCertificate certificate() throws Exception {
        return Certificates.ofServer("localhost");
    }

    private static RunningSluice start(MadeCertificate made, String peer, byte[] file)
            throws Exception {
        return RunningSluice.with(SERVER.formatted(peer)).certificate(made)
                .file("www/file.bin", file).start();
    }

    private static HttpClient client(MadeCertificate trusted) throws Exception {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_2)
                .sslContext(new SecureClient(trusted).context()).build();
    }

    private static HttpRequest.Builder to(int port, String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Gives back what it gets, twice as long. */
    private static void twice(UpstreamTalk talk) throws IOException {
        while (talk.readRequest()) {
            talk.send("HTTP/1.1 200 OK\r\nContent-Length: " + 2 * talk.body().length + "\r\n\r\n");
            talk.send(talk.body());
            talk.send(talk.body());
        }
    }

    @Test
    void aClientOverTls() throws Exception {
        MadeCertificate made = certificate();
        byte[] file = random(3_000_000);
        byte[] body = random(700_000);
        try (var peer = ScriptedUpstream.playing(Http2IT::twice);
                var sluice = start(made, peer.address(), file);
                var client = client(made)) {
            int port = sluice.port("tls");
            HttpResponse<byte[]> got = client.send(to(port, "/file.bin").build(),
                    BodyHandlers.ofByteArray());
            assertEquals(HttpClient.Version.HTTP_2, got.version());
            assertArrayEquals(file, got.body());
            assertEquals("GET /return?a=b HTTP/2.0 HTTP/2.0 generation-1", client.send(
                    to(port, "/return?a=b").build(), BodyHandlers.ofString()).body());
            assertEquals(404, client.send(to(port, "/nothing").build(),
                    BodyHandlers.discarding()).statusCode());
            List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(client.sendAsync(to(port, "/app/" + i).header("X-Number", "" + i)
                        .POST(BodyPublishers.ofByteArray(body)).build(),
                        BodyHandlers.ofByteArray()));
            }
            for (var one : all) {
                byte[] answer = one.get().body();
                assertEquals(2 * body.length, answer.length);
                for (int i = 0; i < answer.length; i += 997) {
                    assertEquals(body[i % body.length], answer[i]);
                }
            }
            String head = peer.heads().getFirst();
            assertTrue(head.startsWith("POST /app/"), head);
            assertTrue(head.contains("Via: 2.0 sluice"), head);
            List<String> lines = sluice.awaitAccessLog(23);
            assertTrue(lines.stream().allMatch(line -> line.contains(" HTTP/2.0\" ")), "" + lines);
        }
    }

    /** Clients with many streams at once do not notice that workers come and go. */
    @Test
    void reloadsUnderLoadLoseNothing() throws Exception {
        MadeCertificate made = certificate();
        try (var sluice = start(made, "127.0.0.1:9", new byte[0])) {
            AtomicBoolean stopped = new AtomicBoolean();
            AtomicInteger answered = new AtomicInteger();
            var failures = new ConcurrentLinkedQueue<String>();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                clients.add(Thread.ofPlatform().daemon().start(() ->
                        ask(made, sluice.port("tls"), stopped, answered, failures)));
            }
            for (int generation = 2; generation <= 4; generation++) {
                int before = answered.get();
                Await.that("answers", () -> answered.get() > before + 100);
                sluice.writeConfiguration(SERVER.formatted("127.0.0.1:9")
                        .replace("generation-1", "generation-" + generation));
                sluice.signal("HUP");
                sluice.awaitErrorLog("generation " + generation + " serves");
            }
            // Old workers tell their clients to go: they end long before their time is up.
            Await.that("the end of the old workers", () -> sluice.workerPids().size() == 1);
            stopped.set(true);
            for (Thread one : clients) {
                one.join();
            }
            assertNull(failures.peek(), "" + failures);
        }
    }

    private static void ask(MadeCertificate made, int port, AtomicBoolean stopped,
            AtomicInteger answered, ConcurrentLinkedQueue<String> failures) {
        try (var client = client(made)) {
            while (!stopped.get()) {
                List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    all.add(client.sendAsync(to(port, "/return").build(),
                            BodyHandlers.ofString()));
                }
                for (var one : all) {
                    HttpResponse<String> got = one.get();
                    if (got.version() != HttpClient.Version.HTTP_2 || got.statusCode() != 200) {
                        failures.add(got + " " + got.body());
                    }
                    answered.incrementAndGet();
                }
                // Enough to be in the way of every step of a reload, not to hold it up.
                LockSupport.parkNanos(5_000_000L);
            }
        } catch (Exception failed) {
            failures.add(failed.toString());
        }
    }
}
