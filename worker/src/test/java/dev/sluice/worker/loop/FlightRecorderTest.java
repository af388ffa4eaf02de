package dev.sluice.worker.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.clock.CachedClock;
import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.flight.FlightWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A burst is told of once, however long it lasts. */
final class FlightRecorderTest {

    private final SteppedClock source = new SteppedClock(0);
    private final CachedClock clock = new CachedClock(source);
    private final List<Integer> bursts = new ArrayList<>();
    private final FlightRecorder recorder =
            new FlightRecorder(FlightWriter.inMemory(4), clock, 10, bursts::add);

    private void fail(int count) {
        for (int i = 0; i < count; i++) {
            recorder.failed();
        }
    }

    private void pass(long seconds) {
        source.stepMs(seconds * 1000);
        clock.update();
    }

    @Test
    void oneBurstIsToldOnce() {
        fail(9);
        assertEquals(List.of(), bursts);
        fail(1);
        for (int i = 0; i < 20; i++) {
            fail(30);
            pass(5);
        }
        assertEquals(List.of(10), bursts);
    }

    @Test
    void fewFailuresInEachWindowAreNone() {
        for (int i = 0; i < 20; i++) {
            fail(9);
            pass(10);
        }
        assertEquals(List.of(), bursts);
    }

    @Test
    void stillMoreThanHalfIsTheSameBurst() {
        fail(10);
        pass(10);
        fail(5);
        pass(10);
        fail(10);
        assertEquals(List.of(10), bursts);
    }

    @Test
    void calmWindowEndsIt() {
        fail(10);
        pass(10);
        fail(4);
        pass(10);
        fail(10);
        assertEquals(List.of(10, 10), bursts);
    }

    @Test
    void silenceEndsIt() {
        fail(10);
        pass(60);
        fail(10);
        assertEquals(List.of(10, 10), bursts);
    }
}
