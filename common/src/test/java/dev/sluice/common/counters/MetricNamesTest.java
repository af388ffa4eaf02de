package dev.sluice.common.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What Prometheus asks of names, and what we ask of the words. */
final class MetricNamesTest {
    @Test
    void namesEndAsTheirKindAsks() {
        Map<String, String> helpOf = new HashMap<>();
        Set<String> series = new HashSet<>();
        for (CounterId id : CounterId.values()) {
            check(id.kind(), id.metric(), id.help(), helpOf);
            assertTrue(series.add(id.metric() + id.labelValue()));
        }
        for (ServerCounterId id : ServerCounterId.values()) {
            check(id.kind(), id.metric(), id.help(), helpOf);
            assertTrue(series.add(id.metric() + id.statusClass()));
        }
        for (PeerCounterId id : PeerCounterId.values()) {
            check(id.kind(), id.metric(), id.help(), helpOf);
            assertTrue(series.add(id.metric() + id.statusClass()));
        }
    }

    private static void check(
            CounterKind kind, String metric, String help, Map<String, String> helpOf) {
        assertTrue(metric.matches("sluice_[a-z_]+[a-z]"), metric);
        assertEquals(kind == CounterKind.TOTAL, metric.endsWith("_total"), metric);
        assertTrue(help.endsWith("."), help);
        assertEquals(help, helpOf.computeIfAbsent(metric, k -> help), metric);
    }

    @Test
    void reasonsHaveLabelsAndSentences() {
        // The block of counters is as long as their list; this bounds the series of one metric.
        assertTrue(Termination.values().length <= 48, "a label of too many values");
        for (Termination t : Termination.values()) {
            assertTrue(t.label().matches("[a-z_]+"));
            assertFalse(t.sentence().endsWith("."), t.sentence());
            boolean named = t.name().startsWith(t.side().name());
            assertEquals(t == Termination.DONE, !named, t.name());
        }
    }
}
