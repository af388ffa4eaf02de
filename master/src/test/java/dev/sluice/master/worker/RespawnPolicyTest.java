package dev.sluice.master.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.clock.SteppedClock;
import org.junit.jupiter.api.Test;

class RespawnPolicyTest {

    private final SteppedClock clock = new SteppedClock(0);
    private final RespawnPolicy policy = new RespawnPolicy(clock);

    private long diesAfterMs(long livedMs) {
        policy.started();
        clock.stepMs(livedMs);
        return policy.delayAfterExitMs(true);
    }

    @Test
    void aWorkerThatLivedIsReplacedAtOnce() {
        for (int i = 0; i < 20; i++) {
            assertEquals(0, diesAfterMs(RespawnPolicy.QUICK_DEATH_MS));
        }
    }

    @Test
    void quickDeathsWaitTwiceAsLongEachTimeUpToTheLimit() {
        long[] expected = {0, 250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], diesAfterMs(10), "death " + i);
        }
        for (int i = 0; i < 1000; i++) {
            assertEquals(RespawnPolicy.DELAY_MS_MAX, diesAfterMs(10));
        }
    }

    @Test
    void whenNobodyServesItIsASecondAtMost() {
        for (int i = 0; i < 10; i++) {
            diesAfterMs(10);
        }
        policy.started();
        assertEquals(RespawnPolicy.DELAY_UNSERVED_MS_MAX, policy.delayAfterExitMs(false));
        policy.started();
        assertEquals(RespawnPolicy.DELAY_MS_MAX, policy.delayAfterExitMs(true));
    }

    @Test
    void oneLongLifeForgivesAll() {
        for (int i = 0; i < 5; i++) {
            diesAfterMs(10);
        }
        assertEquals(0, diesAfterMs(RespawnPolicy.QUICK_DEATH_MS + 1));
        assertEquals(0, diesAfterMs(10));
        assertEquals(250, diesAfterMs(10));
    }
}
