package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Totals of {@code /metrics} never go back: not over reloads, and not when a worker dies. */
final class ReloadTotalsIT {

    private static final String FILE = """
            [server s]
            listen = 127.0.0.1:@PORT@
            return = 200 file-@F@
            [admin]
            listen = 127.0.0.1:@PORT:admin@
            """;

    private final Map<String, Double> last = new HashMap<>();
    private final List<String> wentBack = new ArrayList<>();
    private int unanswered;

    @Test
    void neverGoBack() throws Exception {
        try (var sluice = RunningSluice.with(FILE.replace("@F@", "0")).start();
                var load = new Load(sluice.port(), "/", 2, 10)) {
            for (int i = 1; i <= 5; i++) {
                sluice.workers(i % 2 + 1).writeConfiguration(FILE.replace("@F@", "" + i));
                sluice.signal("HUP");
                int generation = i + 1;
                Await.that("generation " + generation, () -> {
                    look(sluice.port("admin"));
                    return sluice.errorLog().contains("generation " + generation + " serves");
                });
                look(sluice.port("admin"));
            }
            long killed = sluice.workerPids().getLast();
            Processes.signal(killed, "KILL");
            Await.that("a replacement", () -> {
                look(sluice.port("admin"));
                return sluice.errorLog().contains("(pid " + killed)
                        && sluice.errorLog().contains("signal 9")
                        && !sluice.workerPids().contains(killed);
            });
            load.awaitAnswers(100);
            look(sluice.port("admin"));
            // What clients were answered is in the totals, of whichever generation.
            assertTrue(last.get("sluice_server_requests_total{server=\"s\"}") >= load.answered()
                    - 100, last + " after " + load.answered());
            assertTrue(wentBack.isEmpty(), wentBack.toString());
            assertTrue(unanswered <= 1, unanswered + " scrapes failed");
        }
    }

    private void look(int port) throws Exception {
        try (var client = RawClient.connect(port)) {
            client.get("/metrics").response().text().lines()
                    .filter(line -> line.matches("\\w+_(total|count|bucket|sum)(\\{.*\\})? .*"))
                    .forEach(this::compare);
        } catch (IOException cut) {
            // Only the worker that was killed may leave a question without an answer.
            unanswered++;
        }
    }

    private void compare(String line) {
        int space = line.lastIndexOf(' ');
        double now = Double.parseDouble(line.substring(space + 1));
        Double before = last.put(line.substring(0, space), now);
        if (before != null && now < before) {
            wentBack.add(line + " after " + before);
        }
    }
}
