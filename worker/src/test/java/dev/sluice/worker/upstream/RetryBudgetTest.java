package dev.sluice.worker.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    private static final long SECOND = 1_000_000_000L;
    private static final int ALWAYS = RetryBudget.WINDOW_S * RetryBudget.RETRIES_MIN_PER_S;

    private final RetryBudget budget = new RetryBudget();

    private int taken(int percent, long nowNs) {
        int count = 0;
        while (count < 10_000 && budget.take(percent, nowNs)) {
            count++;
        }
        return count;
    }

    @Test
    void aFewAreAlwaysAllowed() {
        assertEquals(ALWAYS, taken(20, 5 * SECOND));
        assertEquals(ALWAYS, taken(0, 100 * SECOND));
    }

    @Test
    void moreAreAShareOfTheRequests() {
        for (int i = 0; i < 1000; i++) {
            budget.request(i * SECOND / 200);
        }
        assertEquals(200, taken(20, 5 * SECOND));
        assertFalse(budget.take(20, 5 * SECOND));
        assertTrue(budget.take(50, 5 * SECOND));
    }

    @Test
    void whatIsOlderThanTheWindowIsForgotten() {
        for (int i = 0; i < 1000; i++) {
            budget.request(0);
        }
        assertEquals(200, taken(20, 0));
        assertEquals(0, taken(20, 9 * SECOND));
        assertEquals(ALWAYS, taken(20, 10 * SECOND));
        assertEquals(ALWAYS, taken(20, 1_000_000 * SECOND));
    }

    @Test
    void withoutABudgetAllAreAllowed() {
        assertEquals(10_000, taken(-1, 0));
    }
}
