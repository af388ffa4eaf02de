package dev.sluice.common.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The quick search against the plain one. */
final class HistogramBoundsTest {
    @Test
    void boundsAreAsDocumented() {
        assertEquals(26, HistogramBounds.TIMES.bucketCount());
        assertEquals(100_000, HistogramBounds.TIMES.boundNs(0));
        assertEquals(100_000_000_000L, HistogramBounds.TIMES.boundNs(24));
        assertEquals(20, HistogramBounds.LOOP_LAG.bucketCount());
        assertEquals(10_000, HistogramBounds.LOOP_LAG.boundNs(0));
        assertEquals(10_000_000_000L, HistogramBounds.LOOP_LAG.boundNs(18));
    }

    @Test
    void bucketIsTheFirstWhoseBoundIsNotBelow() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (HistogramBounds bounds :
                new HistogramBounds[] {HistogramBounds.TIMES, HistogramBounds.LOOP_LAG}) {
            for (int i = 0; i < bounds.bucketCount() - 1; i++) {
                check(bounds, bounds.boundNs(i) - 1, seed);
                check(bounds, bounds.boundNs(i), seed);
                check(bounds, bounds.boundNs(i) + 1, seed);
            }
            for (int i = 0; i < 100_000; i++) {
                check(bounds, random.nextLong() >> random.nextInt(64), seed);
            }
            check(bounds, Long.MIN_VALUE, seed);
            check(bounds, 0, seed);
            check(bounds, Long.MAX_VALUE, seed);
        }
    }

    private static void check(HistogramBounds bounds, long ns, long seed) {
        int expected = 0;
        while (expected < bounds.bucketCount() - 1 && ns > bounds.boundNs(expected)) {
            expected++;
        }
        assertEquals(expected, bounds.bucketOf(ns), () -> ns + " ns, seed " + seed);
    }
}
