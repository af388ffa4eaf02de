package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The numbers of all workers, whichever of them is asked, and not less after one has died. */
final class MetricsIT {

    private static final int REQUESTS = 300;

    @Test
    void totalsOverWorkers() throws Exception {
        try (var peer = ScriptedUpstream.answering("hello");
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        [log_format who]
                        format = $worker
                        [admin]
                        listen = 127.0.0.1:@PORT:admin@
                        """.formatted(peer.address())).accessLogFormat("who").workers(2).start()) {
            long before = requestsTotal(sluice);
            for (int i = 0; i < REQUESTS; i++) {
                try (var client = sluice.client()) {
                    assertEquals(200, client.get("/").response().status());
                }
            }
            var workers = new TreeSet<>(sluice.awaitAccessLog(REQUESTS));
            assertEquals(2, workers.size(), "both workers were asked: " + workers);
            // Scrapes and this kit's health probes count as well, each as one request.
            for (int i = 0; i < 6; i++) {
                long total = requestsTotal(sluice);
                assertTrue(total >= before + REQUESTS && total <= before + REQUESTS + 10 + i,
                        "total " + total + " after " + before);
            }
            long killed = sluice.workerPids().getFirst();
            Processes.signal(killed, "KILL");
            Await.that("a replacement", () -> sluice.workerPids().size() == 2
                    && !sluice.workerPids().contains(killed));
            assertTrue(requestsTotal(sluice) >= before + REQUESTS, "totals went back");
        }
    }

    private static long requestsTotal(RunningSluice sluice) throws Exception {
        try (var client = RawClient.connect(sluice.port("admin"))) {
            Response response = client.get("/metrics").response();
            assertEquals(200, response.status());
            assertTrue(response.field("Content-Type").startsWith("text/plain"), "content type");
            return response.text().lines()
                    .filter(l -> l.matches("sluice_(http_)?requests_total(\\{[^}]*})? .*"))
                    .mapToLong(l -> (long) Double.parseDouble(l.substring(l.lastIndexOf(' '))))
                    .sum();
        }
    }
}
