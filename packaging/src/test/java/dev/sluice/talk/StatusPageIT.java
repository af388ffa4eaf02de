package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** What operators see at [admin]: the page, its data, events, and nginx's page of counters. */
final class StatusPageIT {

    /** Of the password "secret". */
    private static final String HASH =
            "$2y$05$.VtJQ3Febk1523YLkE//ZeSfPI8uDvtUAL99fYZXz0BUnQwxPdR/a";

    private static String body(Response response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void pagesOfTheOperators() throws Exception {
        try (var peer = ScriptedUpstream.answering("hello");
                var sluice = RunningSluice.with("""
                [upstream app]
                server = %s
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /a/]
                proxy_pass = http://app
                [admin]
                listen = 127.0.0.1:@PORT:admin@
                listen = unix:@DIR@/admin.sock
                """.formatted(peer.address())).workers(2).start();
                var client = sluice.client();
                var admin = RawClient.connect(sluice.port("admin"))) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, client.get("/a/x").response().status());
            }
            Await.that("three requests of the route", () -> {
                String json = body(admin.get("/status.json").response());
                return json.contains("\"route\":\"/a/\",\"requests\":3,");
            });
            assertTrue(body(admin.get("/stub_status").response()).matches(
                    "Active connections: \\d+ \nserver accepts handled requests\n"
                            + " \\d+ \\d+ \\d+ \nReading: \\d+ Writing: \\d+ Waiting: \\d+ \n"));
            Response page = admin.get("/status").response();
            assertEquals("text/html; charset=utf-8", page.field("Content-Type"));
            assertTrue(body(page).contains("new EventSource(\"status/events\")"));
            String metrics = body(admin.get("/metrics").response());
            assertTrue(metrics.contains("sluice_route_responses_total{class=\"2xx\",route=\"/a/\","
                    + "server=\"s\"} 3.0\n"), metrics);
            assertTrue(metrics.contains("sluice_upstream_header_seconds_count{upstream=\"app\"} 3"),
                    metrics);
            assertTrue(metrics.contains("nginx_up 1.0\n"), metrics);
            assertTrue(metrics.contains("sluice_worker_resident_bytes{generation=\"1\""), metrics);
            assertTrue(metrics.contains("sluice_worker_gc_pause_seconds_total{generation=\"1\""),
                    metrics);
            assertTrue(metrics.contains("sluice_config_last_reload_successful 1.0\n"), metrics);
            assertTrue(overUnixSocket(sluice.folder().resolve("admin.sock"))
                    .startsWith("HTTP/1.1 200 OK\r\n"));
            ShortCommand.run("top", "--once", "-d", "0.1", "-c", sluice.configuration().toString())
                    .expect(0, "sluice  2 workers  ", "route    s /a/ ", "worker   ");
            ShortCommand.run("top", "--json", "-c", sluice.configuration().toString())
                    .expect(0, "{\"workers\":2,", "\"name\":\"s /a/\",\"requests\":3,");
            assertEquals(404, client.get("/status.json").response().status());
        }
    }

    /** Without {@code allow}: whoever may open the socket. */
    private static String overUnixSocket(Path socket) throws IOException {
        try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(
                    "GET /stub_status HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(4096);
            while (channel.read(answer) >= 0) {
                assertTrue(answer.hasRemaining(), "a short page");
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void eventsFollowEachOther() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                [admin]
                listen = 127.0.0.1:@PORT:admin@
                """).start(); var admin = RawClient.connect(sluice.port("admin"))) {
            admin.get("/status/events");
            assertEquals("text/event-stream", admin.responseHead().field("Content-Type"));
            StringBuilder all = new StringBuilder();
            while (all.toString().split("data: \\{\"generation\":1,", -1).length < 3) {
                all.append(new String(admin.readExactly(1), StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    void operatorsHavePasswords() throws Exception {
        try (var sluice = RunningSluice.with("""
                [admin]
                listen = 127.0.0.1:@PORT@
                auth_basic_user = ann:%s
                """.formatted(HASH)).start(); var client = sluice.client()) {
            assertEquals(200, client.get("/healthz").response().status());
            Response asked = client.get("/status").response();
            assertEquals(401, asked.status());
            assertEquals("Basic realm=\"Sluice\", charset=\"UTF-8\"",
                    asked.field("WWW-Authenticate"));
            assertEquals(401, as(client, "ann:wrong", "/metrics").status());
            assertEquals(401, as(client, "bob:secret", "/metrics").status());
            sluice.awaitErrorLog("operator \"bob\" is not known or sent a wrong password");
            assertEquals(401, as(client, "ann", "/metrics").status());
            for (int i = 0; i < 2; i++) {
                Response metrics = as(client, "ann:secret", "/metrics");
                assertEquals(200, metrics.status());
                assertEquals("application/openmetrics-text; version=1.0.0; charset=utf-8",
                        metrics.field("Content-Type"));
                assertTrue(metrics.text().endsWith("\n# EOF\n"), metrics.text());
            }
            ShortCommand shown = ShortCommand.run("-T", "-c", sluice.configuration().toString());
            shown.expect(0, "auth_basic_user = ann:***");
            assertTrue(!shown.output().contains("$2y$"), shown.output());
        }
    }

    private static Response as(RawClient client, String credentials, String path)
            throws Exception {
        return client.request("GET " + path + " HTTP/1.1", "Host: s",
                "Accept: application/openmetrics-text;version=1.0.0;q=0.8,text/plain;q=0.5",
                "Authorization: Basic " + Base64.getEncoder().encodeToString(
                        credentials.getBytes(StandardCharsets.UTF_8))).response();
    }
}
