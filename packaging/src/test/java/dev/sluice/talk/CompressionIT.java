package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

/** Answers in content codings, with the libraries as they are shipped. */
final class CompressionIT {

    private static final String SERVER = """
            [upstream app]
            server = %s
            [server s]
            listen = 127.0.0.1:@PORT@
            http2 = on
            root = @DIR@/www
            gzip = on
            brotli = on
            zstd = on
            [location s /api/]
            proxy_pass = http://app
            [location s /gunzip/]
            proxy_pass = http://app
            gunzip = on
            [cache pages]
            path = @DIR@/cache
            [location s /cached/]
            proxy_pass = http://app
            proxy_cache = pages
            [location s /gunzip/cached/]
            proxy_pass = http://app
            proxy_cache = pages
            gunzip = on
            """;

    private static byte[] text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < length; i++) {
            text.append("line ").append(i * 7919L % 10_007).append(" of a text\n");
        }
        return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] gunzip(byte[] body) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }

    private static byte[] gzip(byte[] body) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        }
        return out.toByteArray();
    }

    /** Gives what the path names: events one by one, or something large that is gzip already. */
    private static void answers(UpstreamTalk talk) throws IOException {
        while (talk.readRequest()) {
            if (talk.head().startsWith("GET /api/events")) {
                talk.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n");
                // The second event comes when the first one has been read.
                talk.readRequest();
                return;
            }
            if (talk.head().startsWith("GET /cached/")) {
                talk.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nETag: \"c\"\r\n"
                        + "Cache-Control: max-age=60\r\nContent-Length: 3000\r\n\r\n");
                talk.send(text(3000));
                continue;
            }
            byte[] body = gzip(text(300_000));
            talk.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/plain\r\n"
                    + (talk.target().contains("/cached/") ? "Cache-Control: max-age=60\r\n" : "")
                    + "Accept-Ranges: bytes\r\n"
                    + "ETag: \"1\"\r\nContent-Length: " + body.length + "\r\n\r\n");
            talk.send(body);
        }
    }

    @Test
    void filesAndAnswersOfPeers() throws Exception {
        byte[] large = text(1_000_000);
        try (var peer = ScriptedUpstream.playing(CompressionIT::answers);
                var sluice = RunningSluice.with(SERVER.formatted(peer.address()))
                        .file("www/small.html", text(3000)).file("www/large.txt", large).start();
                var client = sluice.client()) {
            client.request("GET /small.html HTTP/1.1", "Host: h", "Accept-Encoding: gzip");
            Response small = client.response();
            assertEquals("gzip", small.field("Content-Encoding"));
            assertEquals("Accept-Encoding", small.field("Vary"));
            assertTrue(small.field("ETag").startsWith("W/\""), small.field("ETag"));
            assertArrayEquals(text(3000), gunzip(small.body()));
            client.request("GET /large.txt HTTP/1.1", "Host: h", "Accept-Encoding: gzip");
            assertArrayEquals(large, gunzip(client.response().body()));
            client.request("GET /large.txt HTTP/1.1", "Host: h");
            assertArrayEquals(large, client.response().body());

            client.request("GET /gunzip/x HTTP/1.1", "Host: h", "Accept-Encoding: br");
            Response unpacked = client.response();
            assertNull(unpacked.field("Content-Encoding"));
            assertArrayEquals(text(300_000), unpacked.body());
            client.request("GET /api/x HTTP/1.1", "Host: h", "Accept-Encoding: br");
            Response passed = client.response();
            assertEquals("gzip", passed.field("Content-Encoding"));
            assertArrayEquals(text(300_000), gunzip(passed.body()));
        }
    }

    /** A range would be one of the bytes that came by gzip (RFC 9110 §14.2). */
    @Test
    void noPartOfWhatIsUnpacked() throws Exception {
        try (var peer = ScriptedUpstream.playing(CompressionIT::answers);
                var sluice = RunningSluice.with(SERVER.formatted(peer.address())).start();
                var client = sluice.client()) {
            for (int i = 0; i < 3; i++) {
                client.request("GET /gunzip/cached/x HTTP/1.1", "Host: h", "Range: bytes=5-9");
                Response whole = client.response();
                assertEquals(200, whole.status());
                assertNull(whole.field("Accept-Ranges"));
                assertNull(whole.field("Content-Range"));
                assertNull(whole.field("Content-Encoding"));
                assertArrayEquals(text(300_000), whole.body());
            }
            Await.that("a part of what is stored", () -> {
                client.request("GET /gunzip/cached/x HTTP/1.1", "Host: h", "Range: bytes=5-9",
                        "Accept-Encoding: gzip");
                Response part = client.response();
                return part.status() == 206 && part.body().length == 5
                        && "gzip".equals(part.field("Content-Encoding"));
            });
        }
    }

    /** What comes again is coded once: from then on it has a length. */
    @Test
    void filesAndStoredAnswersAreCodedOnce() throws Exception {
        byte[] text = text(3000);
        try (var peer = ScriptedUpstream.playing(CompressionIT::answers);
                var sluice = RunningSluice.with(SERVER.formatted(peer.address()))
                        .file("www/small.txt", text).start();
                var client = sluice.client()) {
            for (String path : List.of("/small.txt", "/cached/x")) {
                for (String coding : List.of("gzip", "gzip", "gzip", "identity", "gzip")) {
                    client.request("GET " + path + " HTTP/1.1", "Host: h",
                            "Accept-Encoding: " + coding);
                    Response answer = client.response();
                    assertArrayEquals(text, coding.equals("gzip") ? gunzip(answer.body())
                            : answer.body());
                    assertEquals("Accept-Encoding", answer.field("Vary"));
                }
                Response kept = kept(client, path);
                assertEquals(Integer.toString(kept.body().length), kept.field("Content-Length"));
                client.request("GET " + path + " HTTP/1.1", "Host: h", "Accept-Encoding: gzip",
                        "If-None-Match: " + kept.field("ETag"));
                Response same = client.response();
                assertEquals(304, same.status());
                assertEquals(kept.field("ETag"), same.field("ETag"));
            }
        }
    }

    /** The kept form of a stored answer is one for all versions of HTTP. */
    @Test
    void storedAnswersAreCodedOnceForHttp2Too() throws Exception {
        try (var peer = ScriptedUpstream.playing(CompressionIT::answers);
                var sluice = RunningSluice.with(SERVER.formatted(peer.address()))
                        .file("www/x", "x").start();
                var client = sluice.client()) {
            Response kept = kept(client, "/cached/x");
            Processes.Ended curl = Processes.run(List.of("curl", "-s", "--compressed",
                    "--http2-prior-knowledge", "-H", "Host: h", "-H", "Accept-Encoding: gzip", "-w",
                    "%header{content-encoding} %header{content-length} %header{etag}"
                            + " %{http_version}",
                    "http://127.0.0.1:" + sluice.port() + "/cached/x"));
            assertEquals(0, curl.exitCode());
            assertEquals(new String(text(3000), StandardCharsets.US_ASCII) + "gzip "
                    + kept.body().length + " " + kept.field("ETag") + " 2", curl.output());
        }
    }

    /** An answer is written to the disk beside the loop, and stored when it is there. */
    private static Response kept(RawClient client, String path) throws Exception {
        Response[] last = new Response[1];
        Await.that("a kept form of " + path, () -> {
            client.request("GET " + path + " HTTP/1.1", "Host: h", "Accept-Encoding: gzip");
            last[0] = client.response();
            return last[0].field("Content-Length") != null;
        });
        return last[0];
    }

    @Test
    void anEventIsSentWhenItComes() throws Exception {
        try (var peer = ScriptedUpstream.playing(CompressionIT::answers);
                var sluice = RunningSluice.with(SERVER.formatted(peer.address()))
                        .file("www/x", "x").start();
                var client = sluice.client()) {
            client.request("GET /api/events HTTP/1.1", "Host: h", "Accept-Encoding: gzip");
            Response head = client.responseHead();
            assertEquals("gzip", head.field("Content-Encoding"));
            Inflater inflater = new Inflater(true);
            byte[] came = firstChunk(client);
            inflater.setInput(came, 10, came.length - 10);
            byte[] event = new byte[100];
            int length = inflater.inflate(event);
            inflater.end();
            assertEquals("data: 1\n\n", new String(event, 0, length, StandardCharsets.US_ASCII));
        }
    }

    private static byte[] firstChunk(RawClient client) throws IOException {
        StringBuilder size = new StringBuilder();
        for (byte b = client.readExactly(1)[0]; b != '\r'; b = client.readExactly(1)[0]) {
            size.append((char) b);
        }
        client.readExactly(1);
        return client.readExactly(Integer.parseInt(size.toString(), 16));
    }

    /** curl unpacks br and zstd, and speaks HTTP/2. */
    @Test
    void allCodingsWithCurl() throws Exception {
        byte[] large = text(400_000);
        try (var sluice = RunningSluice.with(SERVER.formatted("127.0.0.1:9"))
                .file("www/large.txt", large).start()) {
            for (String coding : new String[] {"gzip", "br", "zstd"}) {
                for (String version : new String[] {"--http1.1", "--http2-prior-knowledge"}) {
                    Process curl = new ProcessBuilder("curl", "-s", version, "--compressed", "-H",
                            "Accept-Encoding: " + coding,
                            "http://127.0.0.1:" + sluice.port() + "/large.txt").start();
                    byte[] got = curl.getInputStream().readAllBytes();
                    // 61: this curl does not know the coding.
                    int code = curl.waitFor();
                    assertTrue(code == 0 && Arrays.equals(large, got) || code == 61,
                            coding + " " + version + ": " + code + ", bytes " + got.length);
                }
            }
        }
    }
}
