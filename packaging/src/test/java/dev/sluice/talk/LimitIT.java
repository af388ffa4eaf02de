package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A limit is exact over all workers, and neither a reload nor a killed worker resets it. */
final class LimitIT {

    private static final int CONNECTIONS = 60;
    private static final int REQUESTS_PER_CONNECTION = 3;

    private static final String TEXT = """
            [limit per_client]
            rate = 1r/h
            burst = 50
            [server s]
            listen = 127.0.0.1:@PORT@
            [location s /]
            limit = per_client
            return = 200 "passed"
            [admin]
            listen = 127.0.0.1:@PORT:admin@
            """;

    private int passed;
    private int refused;
    private Response last;

    /** Asks on many connections, which the kernel spreads over the workers. */
    private void ask(RunningSluice sluice) throws Exception {
        for (int i = 0; i < CONNECTIONS; i++) {
            try (var client = sluice.client()) {
                for (int r = 0; r < REQUESTS_PER_CONNECTION; r++) {
                    last = client.get("/").response();
                    passed += last.status() == 200 ? 1 : 0;
                    refused += last.status() == 429 ? 1 : 0;
                }
            }
        }
    }

    @Test
    void threeWorkersAdmitExactlyTheBurst() throws Exception {
        try (var sluice = RunningSluice.with(TEXT).workers(3).start()) {
            ask(sluice);
            assertEquals(51, passed);
            assertEquals(CONNECTIONS * REQUESTS_PER_CONNECTION - 51, refused);
            assertEquals("3600", last.field("Retry-After"));
            assertEquals("\"per_client\";q=1;w=3600", last.field("RateLimit-Policy"));
            assertTrue(last.field("RateLimit").startsWith("\"per_client\";r=0;t="),
                    last.toString());

            long killed = sluice.workerPids().getFirst();
            Processes.signal(killed, "KILL");
            Await.that("a replacement", () -> sluice.workerPids().size() == 3
                    && !sluice.workerPids().contains(killed));
            ask(sluice);
            assertEquals(51, passed, "after a worker was killed");

            List<Long> old = sluice.workerPids();
            sluice.writeConfiguration(TEXT.replace("passed", "changed"));
            sluice.signal("HUP");
            Await.that("only new workers", () -> sluice.workerPids().size() == 3
                    && sluice.workerPids().stream().noneMatch(old::contains));
            ask(sluice);
            assertEquals(51, passed, "after a reload");

            try (var admin = RawClient.connect(sluice.port("admin"))) {
                String metrics = admin.get("/metrics").response().text();
                assertTrue(metrics.contains("sluice_limit_requests_total{limit=\"per_client\","
                        + "result=\"passed\"} 51.0\n"), metrics);
                assertTrue(metrics.contains("result=\"rejected\"} " + refused + ".0\n"), metrics);
            }
        }
    }
}
