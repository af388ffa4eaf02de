package dev.sluice.master.metrics;

import dev.sluice.common.counters.CounterKind;
import dev.sluice.common.counters.HistogramBounds;
import dev.sluice.common.counters.HistogramCounts;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Metric families under construction, by name, so that constants of several enums and labels of
 * several workers can add their points in any order. Owner: the thread that renders.
 */
final class Families {
    private static final String TOTAL = "_total";
    private static final double NS_PER_SECOND = 1e9;

    private final Map<String, Family> byName = new LinkedHashMap<>();

    void add(CounterKind kind, String metric, String help, Labels labels, double value) {
        if (kind == CounterKind.LEVEL) {
            gauge(metric, help).point(labels, value);
        } else if (kind == CounterKind.TOTAL) {
            counter(metric, help).point(labels, value);
        }
    }

    private Family gauge(String metric, String help) {
        return family(metric, () -> new GaugeFamily(metric, help));
    }

    private Family counter(String metric, String help) {
        return family(metric, () -> new CounterFamily(metric, help));
    }

    private Family family(String metric, Supplier<Family> create) {
        return byName.computeIfAbsent(metric, k -> create.get());
    }

    void addHistogram(String metric, String help, Labels labels, HistogramCounts counts) {
        HistogramFamily family =
                (HistogramFamily) family(metric, () -> new HistogramFamily(metric, help));
        family.point(labels, counts);
    }

    MetricSnapshots build() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        byName.values().forEach(f -> all.metricSnapshot(f.build()));
        return all.build();
    }

    /** One metric with its points. */
    private interface Family {
        void point(Labels labels, double value);

        MetricSnapshot build();
    }

    /** The library adds {@code _total} to the name itself. */
    private static final class CounterFamily implements Family {
        private final CounterSnapshot.Builder builder = CounterSnapshot.builder();

        CounterFamily(String metric, String help) {
            assert metric.endsWith(TOTAL) : metric;
            builder.name(metric.substring(0, metric.length() - TOTAL.length())).help(help);
        }

        @Override
        public void point(Labels labels, double value) {
            builder.dataPoint(
                    CounterSnapshot.CounterDataPointSnapshot.builder()
                            .labels(labels)
                            .value(Math.max(0, value))
                            .build());
        }

        @Override
        public MetricSnapshot build() {
            return builder.build();
        }
    }

    private static final class GaugeFamily implements Family {
        private final GaugeSnapshot.Builder builder = GaugeSnapshot.builder();

        GaugeFamily(String metric, String help) {
            builder.name(metric).help(help);
        }

        @Override
        public void point(Labels labels, double value) {
            builder.dataPoint(
                    GaugeSnapshot.GaugeDataPointSnapshot.builder()
                            .labels(labels)
                            .value(value)
                            .build());
        }

        @Override
        public MetricSnapshot build() {
            return builder.build();
        }
    }

    private static final class HistogramFamily implements Family {
        private final HistogramSnapshot.Builder builder = HistogramSnapshot.builder();

        HistogramFamily(String metric, String help) {
            builder.name(metric).help(help);
        }

        @Override
        public void point(Labels labels, double value) {
            throw new IllegalStateException("a histogram has no single value");
        }

        void point(Labels labels, HistogramCounts h) {
            HistogramBounds bounds = h.bounds();
            double[] seconds = new double[bounds.bucketCount()];
            long[] counts = new long[bounds.bucketCount()];
            for (int i = 0; i < counts.length; i++) {
                boolean last = i == counts.length - 1;
                seconds[i] =
                        last ? Double.POSITIVE_INFINITY : bounds.boundNs(i) / NS_PER_SECOND;
                counts[i] = Math.max(0, h.count(i));
            }
            builder.dataPoint(
                    HistogramSnapshot.HistogramDataPointSnapshot.builder()
                            .classicHistogramBuckets(ClassicHistogramBuckets.of(seconds, counts))
                            .sum(h.sumSeconds())
                            .labels(labels)
                            .build());
        }

        @Override
        public MetricSnapshot build() {
            return builder.build();
        }
    }
}
