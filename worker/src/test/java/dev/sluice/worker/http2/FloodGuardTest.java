package dev.sluice.worker.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Counts by the minute. */
final class FloodGuardTest {

    private static final long SECOND_NS = 1_000_000_000L;

    private final FloodGuard guard = new FloodGuard(200, 1000);

    private int untilTooMuch(Flood kind, long nowNs) {
        int count = 1;
        while (!guard.isTooMuch(kind, nowNs)) {
            count++;
        }
        return count;
    }

    @Test
    void kindsCountForThemselves() {
        guard.reset(0);
        assertEquals(201, untilTooMuch(Flood.RESETS, 1));
        assertEquals(201, untilTooMuch(Flood.MISTAKES, 1));
        assertEquals(1001, untilTooMuch(Flood.CONTROL_FRAMES, 1));
    }

    @Test
    void aMinuteLaterTheyBeginAnew() {
        guard.reset(0);
        assertEquals(201, untilTooMuch(Flood.RESETS, 59 * SECOND_NS));
        assertEquals(201, untilTooMuch(Flood.RESETS, 60 * SECOND_NS));
    }

    @Test
    void dataIsGoodForUpdates() {
        guard.reset(0);
        for (int i = 0; i < 5; i++) {
            guard.dataSent();
        }
        int count = 1;
        while (!guard.isUpdateTooMuch(1)) {
            count++;
        }
        assertEquals(1051, count);
    }
}
