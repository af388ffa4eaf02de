package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Peers are asked for their health by one worker for all, and by another when that one dies. */
final class HealthCheckIT {

    @Test
    void aPeerThatIsDownGetsNoRequestsUntilItIsUpAgain() throws Exception {
        var healthy = new AtomicBoolean(true);
        var checks = new AtomicInteger();
        try (var good = ScriptedUpstream.playing(talk -> answer(talk, "good", null, null));
                var other = ScriptedUpstream.playing(
                        talk -> answer(talk, "other", healthy, checks));
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = 127.0.0.1:%d
                        server = 127.0.0.1:%d
                        health_check = /healthz interval=200ms timeout=2s rise=1 fall=2 jitter=0
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /]
                        proxy_pass = http://app
                        """.formatted(good.port(), other.port())).workers(2).start()) {
            Await.that("a check", () -> checks.get() > 0);
            Await.that("both serve", () -> answers(sluice).contains("other"));
            healthy.set(false);
            Await.that("it is down", () -> sluice.errorLog().contains("is down after 2 failed"));
            for (int i = 0; i < 20; i++) {
                assertEquals("goodgood", answers(sluice));
            }

            // Whoever makes the checks is among them; the replacements go on.
            for (long worker : sluice.workerPids()) {
                Processes.signal(worker, "KILL");
            }
            int before = checks.get();
            Await.that("checks go on", () -> checks.get() > before + 2);
            assertFalse(answers(sluice).contains("other"), "what was known stays known");
            healthy.set(true);
            Await.that("it serves again", () -> answers(sluice).contains("other"));
        }
    }

    /** Two answers, one of each peer if both serve. */
    private static String answers(RunningSluice sluice) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 2; i++) {
            try (var client = sluice.client()) {
                all.append(client.get("/").response().text());
            } catch (Exception e) {
                // A worker was killed under it.
                return "";
            }
        }
        return all.toString();
    }

    private static void answer(
            UpstreamTalk talk, String name, AtomicBoolean healthy, AtomicInteger checks)
            throws Exception {
        while (talk.readRequest()) {
            boolean check = talk.target().equals("/healthz");
            if (check && checks != null) {
                checks.incrementAndGet();
            }
            boolean fine = !check || healthy == null || healthy.get();
            talk.answer(fine ? 200 : 503, name);
        }
    }
}
