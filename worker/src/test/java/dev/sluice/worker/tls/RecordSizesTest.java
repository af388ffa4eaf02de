package dev.sluice.worker.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.common.clock.SteppedClock;
import org.junit.jupiter.api.Test;

class RecordSizesTest {

    private final SteppedClock clock = new SteppedClock(0);
    private final RecordSizes sizes = new RecordSizes(clock);

    private void assertNext(int bytes, int times) {
        for (int i = 0; i < times; i++) {
            assertEquals(bytes, sizes.next(), "record " + i);
        }
    }

    @Test
    void shouldGrowAndStayGrownWhileItGoesOn() {
        assertNext(1369, 40);
        assertNext(4229, 40);
        for (int i = 0; i < 100; i++) {
            clock.stepMs(1000);
            assertNext(16384, 3);
        }
    }

    @Test
    void shouldBeginAnewAfterASecondOfSilence() {
        assertNext(1369, 40);
        assertNext(4229, 40);
        assertNext(16384, 1);
        clock.stepMs(1001);
        assertNext(1369, 40);
        clock.stepMs(1001);
        assertNext(1369, 40);
        assertNext(4229, 1);
    }
}
