package dev.sluice.master.metrics;

import dev.sluice.common.cache.CacheIndex.Count;
import dev.sluice.common.counters.CounterKind;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Gives what the caches have done to the registry. Owner: the thread that renders. */
final class CacheCollector implements MultiCollector {
    private final MetricsSource source;

    CacheCollector(MetricsSource source) {
        this.source = source;
    }

    @Override
    public MetricSnapshots collect() {
        Families families = new Families();
        for (CacheTotals cache : source.caches()) {
            Labels labels = Labels.of("cache", cache.name());
            for (Count what : Count.values()) {
                long count = cache.count(what);
                switch (what) {
                    case STORED -> families.add(CounterKind.TOTAL, "sluice_cache_stored_total",
                            "Answers stored; many more than misses suggests short lifetimes.",
                            labels, count);
                    case EVICTED -> families.add(CounterKind.TOTAL, "sluice_cache_evicted_total",
                            "Answers removed for want of room or use; growth beside misses"
                                    + " suggests a larger max_size or keys.", labels, count);
                    case PURGED -> families.add(CounterKind.TOTAL, "sluice_cache_purged_total",
                            "Answers removed because somebody asked for it.", labels, count);
                    default -> families.add(CounterKind.TOTAL, "sluice_cache_requests_total",
                            "Requests at a cache by what it did: $upstream_cache_status.",
                            Labels.of("cache", cache.name(), "result",
                                    CacheTotals.label(what)), count);
                }
            }
            families.add(CounterKind.LEVEL, "sluice_cache_bytes",
                    "Bytes of the answers on disk, in whole blocks.", labels,
                    cache.bytes());
            families.add(CounterKind.LEVEL, "sluice_cache_max_bytes",
                    "What max_size allows.", labels, cache.bytesMax());
            families.add(CounterKind.LEVEL, "sluice_cache_objects",
                    "Answers that are stored, as the last sweep found them.", labels,
                    cache.objects());
        }
        return families.build();
    }
}
