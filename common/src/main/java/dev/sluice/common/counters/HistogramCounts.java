package dev.sluice.common.counters;

/**
 * Counts of the buckets of one histogram, not cumulated, and the sum of what was counted. The
 * count of all is the sum of the buckets, so that both always agree. Owner: whoever took the
 * snapshot.
 */
public final class HistogramCounts {
    private final HistogramBounds bounds;
    private final long[] counts;
    private double sumSeconds;

    public HistogramCounts(HistogramBounds bounds) {
        this.bounds = bounds;
        this.counts = new long[bounds.bucketCount()];
    }

    void set(int bucket, long count) {
        counts[bucket] = count;
    }

    void setSumMicros(long micros) {
        sumSeconds = micros / 1e6;
    }

    /** Adds another histogram of the same bounds to this one. */
    public void add(HistogramCounts other) {
        assert other.bounds == bounds;
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        sumSeconds += other.sumSeconds;
    }

    public HistogramBounds bounds() {
        return bounds;
    }

    public long count(int bucket) {
        return counts[bucket];
    }

    public long total() {
        long total = 0;
        for (long c : counts) {
            total += c;
        }
        return total;
    }

    public double sumSeconds() {
        return sumSeconds;
    }
}
