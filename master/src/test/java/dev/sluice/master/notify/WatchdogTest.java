package dev.sluice.master.notify;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WatchdogTest {

    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void isFedTwiceInAPeriodWhileWorkersAnswer() {
        Watchdog watchdog = Watchdog.of(Map.of("WATCHDOG_USEC", "10000000"), 7, 0);
        int fed = 0;
        for (int second = 0; second < 100; second++) {
            watchdog.answered(second * SECOND_NS);
            fed += watchdog.due(second * SECOND_NS) ? 1 : 0;
        }
        assertTrue(fed >= 20 && fed <= 30, fed + " times");
    }

    @Test
    void isNotFedOnceNobodyHasAnsweredForAPeriod() {
        Watchdog watchdog = Watchdog.of(Map.of("WATCHDOG_USEC", "10000000"), 7, 0);
        watchdog.answered(0);
        assertTrue(watchdog.due(9 * SECOND_NS));
        assertFalse(watchdog.due(15 * SECOND_NS));
        watchdog.answered(16 * SECOND_NS);
        assertTrue(watchdog.due(16 * SECOND_NS));
    }

    @Test
    void isOfNoConcernWhenAnotherProcessIsMeantOrNoneIsConfigured() {
        assertFalse(Watchdog.of(Map.of(), 7, 0).due(SECOND_NS));
        assertFalse(Watchdog.of(Map.of("WATCHDOG_USEC", "oops"), 7, 0).due(SECOND_NS));
        assertFalse(Watchdog.of(Map.of("WATCHDOG_USEC", "5", "WATCHDOG_PID", "8"), 7, 0)
                .due(SECOND_NS));
        assertTrue(Watchdog.of(Map.of("WATCHDOG_USEC", "5000000", "WATCHDOG_PID", "7"), 7, 0)
                .due(SECOND_NS));
    }
}
