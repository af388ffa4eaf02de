package dev.sluice.worker.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** When a warm-up has become as fast as it will. */
final class LevellingTest {

    private static final int WINDOWS_MAX = 100;

    private interface WindowTime {
        long us(int window);
    }

    /** The window after which it is level; -1 when it never was. */
    private static int levelAfter(WindowTime time) {
        Levelling levelling = new Levelling(0);
        long nowNs = 0;
        for (int window = 1; window <= WINDOWS_MAX; window++) {
            nowNs += time.us(window) * 1000;
            if (levelling.isLevel(nowNs, window * Levelling.WINDOW_ANSWERS)) {
                return window;
            }
        }
        return -1;
    }

    @Test
    void equalTimesAreLevelAfterTenMore() {
        assertEquals(1 + Levelling.WINDOWS_WITHOUT_GAIN, levelAfter(window -> 5000));
    }

    @Test
    void goesOnWhileItGetsFaster() {
        assertEquals(30 + Levelling.WINDOWS_WITHOUT_GAIN,
                levelAfter(window -> 100_000 - Math.min(window, 30) * 3_300));
    }

    @Test
    void aGainOfFewPercentIsNone() {
        assertEquals(1 + Levelling.WINDOWS_WITHOUT_GAIN, levelAfter(window -> 5000 - window * 10));
    }

    @Test
    void anInterruptedWindowNeitherHelpsNorHarms() {
        assertEquals(20 + Levelling.WINDOWS_WITHOUT_GAIN,
                levelAfter(window -> window % 3 == 0 ? 500_000
                        : 100_000 - Math.min(window, 20) * 4_000));
    }

    @Test
    void aClockThatStandsStillTellsNothing() {
        assertEquals(-1, levelAfter(window -> 0));
    }

    @Test
    void fewAnswersAreNoWindow() {
        Levelling levelling = new Levelling(0);
        for (int i = 1; i < WINDOWS_MAX; i++) {
            assertEquals(false, levelling.isLevel(i * 1000L, Levelling.WINDOW_ANSWERS - 1));
        }
    }
}
