package dev.sluice.master.metrics;

import dev.sluice.common.counters.CounterKind;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/** Tells the registry when certificates end. Owner: the thread that renders. */
final class CertificateCollector implements MultiCollector {
    private static final double MS_PER_SECOND = 1000;

    private final MetricsSource source;

    CertificateCollector(MetricsSource source) {
        this.source = source;
    }

    @Override
    public MetricSnapshots collect() {
        Families families = new Families();
        source.certificateEndsMs().forEach((file, endMs) -> families.add(
                CounterKind.LEVEL,
                "sluice_certificate_not_after_timestamp_seconds",
                "When the certificate of a file ends, as Unix time; alert weeks before it.",
                Labels.of("file", file),
                endMs / MS_PER_SECOND));
        return families.build();
    }
}
