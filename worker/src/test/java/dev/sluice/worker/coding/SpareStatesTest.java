package dev.sluice.worker.coding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SpareStatesTest {

    private static final int TURNS = 100_000;

    private final SpareStates<AtomicInteger> spares = new SpareStates<>();

    @Test
    void whatWasGivenIsTakenOnce() {
        assertNull(spares.take());
        AtomicInteger state = new AtomicInteger();
        assertTrue(spares.give(state));
        assertSame(state, spares.take());
        assertNull(spares.take());
    }

    @Test
    void oneAfterTheOtherUseTheSame() {
        AtomicInteger hot = new AtomicInteger(1);
        AtomicInteger cold = new AtomicInteger(2);
        spares.give(hot);
        spares.give(cold);
        for (int i = 0; i < 3; i++) {
            AtomicInteger taken = spares.take();
            assertSame(hot, taken);
            spares.give(taken);
        }
    }

    @Test
    void noMoreThanAFewAreKept() {
        int kept = 0;
        while (spares.give(new AtomicInteger())) {
            kept++;
        }
        assertEquals(4, kept);
        assertFalse(spares.give(new AtomicInteger()));
        spares.take();
        assertTrue(spares.give(new AtomicInteger()));
    }

    @Test
    void twoThreadsNeverHaveTheSame() {
        spares.give(new AtomicInteger());
        CompletableFuture<Void> other = CompletableFuture.runAsync(this::useOften);
        useOften();
        other.join();
    }

    private void useOften() {
        for (int i = 0; i < TURNS; i++) {
            AtomicInteger taken = spares.take();
            AtomicInteger state = taken == null ? new AtomicInteger() : taken;
            assertEquals(1, state.incrementAndGet());
            state.decrementAndGet();
            spares.give(state);
        }
    }
}
