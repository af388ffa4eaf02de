package dev.sluice.master.metrics;

import dev.sluice.common.counters.CounterKind;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;

/** Tells the registry when certificates end. Owner: the thread that renders. */
final class CertificateCollector implements MultiCollector {
    private static final double MS_PER_SECOND = 1000;
    /** Of those that end first. */
    private static final int FILES_MAX = 500;

    private final MetricsSource source;

    CertificateCollector(MetricsSource source) {
        this.source = source;
    }

    @Override
    public MetricSnapshots collect() {
        Families families = new Families();
        source.certificateEndsMs().entrySet().stream().sorted(Map.Entry.comparingByValue())
                .limit(FILES_MAX).forEach(one -> families.add(
                        CounterKind.LEVEL,
                        "sluice_certificate_not_after_timestamp_seconds",
                        "When the certificate of a file ends, as Unix time; alert weeks before.",
                        Labels.of("file", one.getKey()),
                        one.getValue() / MS_PER_SECOND));
        return families.build();
    }
}
