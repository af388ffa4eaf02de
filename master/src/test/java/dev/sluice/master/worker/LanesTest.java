package dev.sluice.master.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.common.control.WorkerOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanesTest {

    private final Lanes lanes = new Lanes();

    @Test
    void theLowestFreeOneIsTaken() throws IOException {
        assertEquals(0, lanes.take());
        assertEquals(1, lanes.take());
        assertEquals(2, lanes.take());
        lanes.free(1);
        assertEquals(1, lanes.take());
        assertEquals(3, lanes.take());
    }

    @Test
    void whoRegisteredIsToldBeforeItIsTakenAgain() throws IOException {
        List<Integer> freed = new ArrayList<>();
        lanes.take();
        lanes.onFreed(freed::add);
        lanes.free(lanes.take());
        assertEquals(List.of(1), freed);
    }

    @Test
    void atFirstIsClearedWhatAnEarlierMasterHasLeft() throws IOException {
        List<Integer> cleared = new ArrayList<>();
        lanes.onFreed(cleared::add);
        lanes.reserve(0);
        lanes.reserve(5);
        assertEquals(1, lanes.take());
        assertEquals(WorkerOptions.LANES_MAX - 2, cleared.size());
        assertFalse(cleared.contains(0) || cleared.contains(5), "they live");
        lanes.take();
        assertEquals(WorkerOptions.LANES_MAX - 2, cleared.size(), "once");
    }

    @Test
    void moreThanThereAreIsAnError() throws IOException {
        for (int i = 0; i < WorkerOptions.LANES_MAX; i++) {
            lanes.take();
        }
        assertThrows(IOException.class, lanes::take);
        lanes.free(77);
        assertEquals(77, lanes.take());
    }
}
