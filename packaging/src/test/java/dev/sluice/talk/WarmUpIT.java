package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a worker has asked itself before READY is in no log and no number. */
final class WarmUpIT {

    @Test
    void theFirstRequestOfAWarmedWorkerIsTheFirst() throws Exception {
        try (var peer = ScriptedUpstream.answering("hello");
                // No port "main": the kit's probe would be the first request.
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT:site@
                        root = @DIR@/www
                        metrics = on
                        [location s /api/]
                        proxy_pass = http://app
                        [log_format count]
                        format = $connection $uri $status
                        """.formatted(peer.address())).accessLogFormat("count").warmUp("200ms")
                        .start()) {
            sluice.awaitErrorLog("generation 1 serves");
            assertTrue(sluice.errorLog().matches(
                    "(?s).*warmed up in \\d+ ms by [1-9]\\d* requests to itself.*"),
                    sluice::errorLog);
            assertEquals(0, peer.requestCount(), "what the configured peer was asked");
            try (var client = RawClient.connect(sluice.port("site"))) {
                assertEquals("hello", client.get("/api/x").response().text());
                String metrics = client.get("/metrics").response().text();
                // The scrape counts itself when it has begun.
                assertEquals(2, value(metrics, "sluice_http_requests_total"), metrics);
                assertEquals(1, value(metrics, "sluice_connections_accepted_total"), metrics);
            }
            assertEquals("1 /api/x 200", sluice.awaitAccessLog(2).getFirst());
        }
    }

    private static long value(String metrics, String name) {
        return metrics.lines().filter(line -> line.matches(name + "(\\{[^}]*})? .*"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(
                        line.lastIndexOf(' ')))).sum();
    }
}
