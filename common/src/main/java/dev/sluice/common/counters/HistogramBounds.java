package dev.sluice.common.counters;

import java.util.Arrays;

/**
 * Upper bounds of the buckets of a histogram, in nanoseconds, inclusive as Prometheus reads them. A
 * last bucket without a bound follows, so that {@link #bucketCount()} is one more than the bounds.
 *
 * <p>Written at class initialisation, then read-only.
 */
public final class HistogramBounds {
    /** 100 us to 100 s in steps of 1, 2, 3, 5: 25 bounds; requests and responses of peers. */
    public static final HistogramBounds TIMES =
            new HistogramBounds(steps(100_000L, 100_000_000_000L, 1, 2, 3, 5));

    /** 10 us to 10 s in steps of 1, 2, 5: 19 bounds; how late the event loop is. */
    public static final HistogramBounds LOOP_LAG =
            new HistogramBounds(steps(10_000L, 10_000_000_000L, 1, 2, 5));

    private final long[] boundsNs;

    /** First bucket that can hold a value whose highest bit is the index. */
    private final byte[] firstBucket = new byte[Long.SIZE];

    private HistogramBounds(long[] boundsNs) {
        this.boundsNs = boundsNs;
        for (int bit = 0; bit < Long.SIZE; bit++) {
            long smallest = bit == Long.SIZE - 1 ? Long.MAX_VALUE : 1L << bit;
            int i = 0;
            while (i < boundsNs.length && smallest > boundsNs[i]) {
                i++;
            }
            firstBucket[bit] = (byte) i;
        }
    }

    private static long[] steps(long firstNs, long lastNs, int... steps) {
        long[] all = new long[64];
        int n = 0;
        for (long decade = firstNs; decade <= lastNs; decade *= 10) {
            for (int step : steps) {
                if (decade * step <= lastNs) {
                    all[n++] = decade * step;
                }
            }
        }
        return Arrays.copyOf(all, n);
    }

    /** Buckets including the last one, which has no bound. */
    public int bucketCount() {
        return boundsNs.length + 1;
    }

    /** Bound of bucket {@code index}; the last bucket has none. */
    public long boundNs(int index) {
        return boundsNs[index];
    }

    /** The bucket of a duration; negative ones (a clock that was set) count as zero. */
    public int bucketOf(long ns) {
        if (ns <= 0) {
            return 0;
        }
        long[] bounds = boundsNs;
        int i = firstBucket[63 - Long.numberOfLeadingZeros(ns)];
        while (i < bounds.length && ns > bounds[i]) {
            i++;
        }
        return i;
    }
}
