package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.identity.MadeCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks for bodies, with clients of HTTP/1.1 and of HTTP/2. */
final class ModuleBodiesIT {

    private static final String SOURCE = """
            package outside;

            import dev.sluice.module.*;
            import java.nio.charset.StandardCharsets;
            import java.nio.ByteBuffer;

            public final class Bodies implements SluiceModule {
                @Override
                public ModuleInstance open(ModuleContext context) {
                    return (route, hooks) -> {
                        if (!route.settings().has("bodies")) {
                            return;
                        }
                        switch (route.settings().text("bodies")) {
                            case "both" -> {
                                hooks.requestBody((x, piece, last, out) ->
                                        change(piece, 1, out));
                                hooks.responseBody((x, piece, last, out) ->
                                        change(piece, -1, out));
                                hooks.onUpstreamResponse((x, head) ->
                                        head.remove("X-Inside"));
                            }
                            case "whole" -> {
                                hooks.requestBody(1 << 20, (x, body, out) ->
                                        body.remaining() == 0 ? Verdict.respond(400)
                                                : Verdict.NEXT);
                                hooks.responseBody(1 << 20, (x, body, out) -> out.write(
                                        ("" + body.remaining()).getBytes(
                                                StandardCharsets.US_ASCII)));
                            }
                            case "fails_out" -> hooks.responseBody((x, piece, last, out) -> {
                                throw new IllegalStateException("no luck");
                            });
                            default -> hooks.requestBody((x, piece, last, out) -> {
                                throw new IllegalStateException("no luck");
                            });
                        }
                    };
                }

                private static void change(ByteBuffer piece, int by, BodyOutput out) {
                    byte[] bytes = new byte[piece.remaining()];
                    piece.get(bytes);
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] += (byte) by;
                    }
                    out.write(bytes);
                }
            }
            """;
    private static final String KEYS = """
            [bodies]
            type = text
            sections = location
            doc = What is done with them.
            """;

    @TempDir
    Path folder;

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static HttpResponse<byte[]> post(HttpClient client, int port, String path,
            byte[] body) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                .header("Accept-Encoding", "gzip").POST(BodyPublishers.ofByteArray(body)).build(),
                BodyHandlers.ofByteArray());
    }

    private static void stored(HttpClient client, int port) throws Exception {
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(
                URI.create("https://localhost:" + port + "/stored")).build(),
                BodyHandlers.ofString());
        assertEquals("abc", answer.body());
        assertEquals(List.of(), answer.headers().allValues("X-Inside"));
    }

    /** They see a file, not what lies compressed beside it. */
    private static void filesArePlain(HttpClient client, int port) throws Exception {
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(
                URI.create("https://localhost:" + port + "/page.txt"))
                .header("Accept-Encoding", "gzip").build(), BodyHandlers.ofString());
        assertEquals("abc", answer.body());
        assertEquals(List.of(), answer.headers().allValues("Content-Encoding"));
    }

    private static void echo(UpstreamTalk talk) throws IOException {
        while (talk.readRequest()) {
            byte[] body = talk.head().startsWith("GET ") ? "bcd".getBytes() : talk.body();
            talk.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Inside: 1"
                    + "\r\nX-First: "
                    + (body.length == 0 ? 0 : body[0]) + "\r\nContent-Length: " + body.length
                    + "\r\n\r\n");
            talk.send(body);
        }
    }

    /** Hooks see bodies in front of compression, and what the cache has stored is the peer's. */
    private static void packedAndStored(HttpClient client, int port, byte[] body)
            throws Exception {
        HttpResponse<byte[]> packed = post(client, port, "/packed", body);
        assertEquals("gzip", packed.headers().firstValue("Content-Encoding").orElseThrow());
        try (var in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertEquals(-1, Arrays.mismatch(body, in.readAllBytes()));
        }
        stored(client, port);
        stored(client, port);
        HttpResponse<byte[]> failed = post(client, port, "/fails_out", body);
        assertEquals(500, failed.statusCode());
        assertEquals(List.of("text/html"), failed.headers().allValues("Content-Type"));
        filesArePlain(client, port);
    }

    /** The peer gives back what it has got, so what both hooks have done undoes itself. */
    @Test
    void bodiesPassHooksInBothDirections() throws Exception {
        MadeCertificate made = Certificates.ofServer("localhost");
        byte[] body = random(900_000);
        try (var peer = ScriptedUpstream.playing(ModuleBodiesIT::echo);
                var sluice = RunningSluice.with("""
                        [cache pages]
                        path = @DIR@/pages
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        listen = 127.0.0.1:@PORT:tls@ ssl
                        ssl_certificate = @DIR@/s.crt
                        ssl_certificate_key = @DIR@/s.key
                        http2 = on
                        client_max_body_size = 2m
                        [location s /none]
                        proxy_pass = http://%s
                        [location s /both]
                        bodies = both
                        proxy_pass = http://%<s
                        [location s /packed]
                        bodies = both
                        gzip = on
                        proxy_pass = http://%<s
                        [location s /stored]
                        bodies = both
                        proxy_cache = pages
                        proxy_cache_valid = 200 1h
                        proxy_pass = http://%<s
                        [location s /fails_out]
                        bodies = fails_out
                        proxy_pass = http://%<s
                        [location s /whole]
                        bodies = whole
                        proxy_pass = http://%<s
                        [location s /page]
                        bodies = both
                        root = @DIR@/www
                        gzip_static = on
                        [location s /fails]
                        bodies = fails
                        proxy_pass = http://%<s
                        """.formatted(peer.address())).certificate(made)
                        .main("modules = @DIR@/bodies.jar\n")
                        .file("www/page.txt", "bcd")
                        .file("www/page.txt.gz", "its form by gzip")
                        .file("bodies.jar", OutsideModule.jar(folder, "bodies", SOURCE, KEYS))
                        .start()) {
            int port = sluice.port("tls");
            for (var version : List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
                try (HttpClient client = HttpClient.newBuilder().version(version)
                        .sslContext(new SecureClient(made).context()).build()) {
                    HttpResponse<byte[]> both = post(client, port, "/both", body);
                    assertEquals(version, both.version());
                    assertEquals(-1, Arrays.mismatch(body, both.body()), "" + version);
                    assertEquals("" + (byte) (body[0] + 1),
                            both.headers().firstValue("X-First").orElseThrow());
                    assertEquals("900000", new String(post(client, port, "/whole", body).body()));
                    assertEquals(400, post(client, port, "/whole", new byte[0]).statusCode());
                    assertEquals(413, post(client, port, "/whole", random(1_100_000))
                            .statusCode());
                    assertEquals(500, post(client, port, "/fails", body).statusCode());
                    assertEquals(200, post(client, port, "/none", body).statusCode());
                    packedAndStored(client, port, body);
                }
            }
            assertEquals(1, peer.heads().stream()
                    .filter(head -> head.startsWith("GET /stored")).count());
        }
    }
}
