package dev.sluice.master.metrics;

import dev.sluice.common.counters.CounterKind;
import dev.sluice.common.counters.ModuleTotals;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Locale;
import java.util.Map;

/** What modules did, from totals named by {@link ModuleTotals}. Stateless. */
final class ModuleFamilies {

    private static final double NS_PER_SECOND = 1e9;

    private ModuleFamilies() {}

    /** @param named totals; those of phases in which a module is never called are left out */
    static void add(Families families, Map<String, Long> named) {
        named.forEach((name, value) -> {
            String[] parts = name.split("/");
            if (parts.length != 3) {
                return;
            }
            if (parts[0].equals(ModuleTotals.OWN)) {
                families.add(CounterKind.TOTAL, "sluice_module_counter_total",
                        "What modules count themselves, by the names they gave.",
                        Labels.of("module", parts[1], "counter", parts[2]), value);
            } else if (isCalled(named, parts)) {
                addPhase(families, parts, value);
            }
        });
    }

    private static boolean isCalled(Map<String, Long> named, String[] parts) {
        return named.getOrDefault(
                ModuleTotals.name(ModuleTotals.Of.CALLS, parts[1], parts[2]), 0L) > 0
                || named.getOrDefault(
                ModuleTotals.name(ModuleTotals.Of.FAILED, parts[1], parts[2]), 0L) > 0;
    }

    private static void addPhase(Families families, String[] parts, long value) {
        Labels labels = Labels.of("module", parts[1], "phase", parts[2]);
        switch (parts[0]) {
            case "CALLS" -> families.add(CounterKind.TOTAL, "sluice_module_calls_total",
                    "Calls of a module's hooks.", labels, value);
            case "ANSWERED", "SUSPENDED" -> families.add(CounterKind.TOTAL,
                    "sluice_module_verdicts_total",
                    "Calls that did not simply let the request go on, by what they wanted.",
                    labels.add("verdict", parts[0].toLowerCase(Locale.ROOT)), value);
            case "FAILED" -> families.add(CounterKind.TOTAL, "sluice_module_failures_total",
                    "Hooks that threw, were late, or were not called because of that.",
                    labels, value);
            case "TIME_NS" -> families.add(CounterKind.TOTAL, "sluice_module_seconds_total",
                    "Time in a module's code on the loop, estimated from every 16th call.",
                    labels, value / NS_PER_SECOND);
            default -> { }
        }
    }
}
