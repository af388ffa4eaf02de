package dev.sluice.master.metrics;

import dev.sluice.common.counters.CounterKind;
import dev.sluice.common.zones.LimitZone.Count;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Gives what the limits have decided to the registry. Owner: the thread that renders. */
final class LimitCollector implements MultiCollector {
    private final MetricsSource source;

    LimitCollector(MetricsSource source) {
        this.source = source;
    }

    @Override
    public MetricSnapshots collect() {
        Families families = new Families();
        for (LimitTotals limit : source.limits()) {
            for (Count what : Count.values()) {
                if (what != Count.EVICTED) {
                    families.add(
                            CounterKind.TOTAL,
                            "sluice_limit_requests_total",
                            "Requests at a limit by what it decided; shadow ones passed.",
                            Labels.of("limit", limit.name(), "result", what.label()),
                            limit.count(what));
                }
            }
            families.add(
                    CounterKind.TOTAL,
                    "sluice_limit_evictions_total",
                    "Keys forgotten before they were at rest; growth suggests a larger size.",
                    Labels.of("limit", limit.name()),
                    limit.count(Count.EVICTED));
        }
        return families.build();
    }
}
