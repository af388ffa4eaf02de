package dev.sluice.master.worker;

import static dev.sluice.master.worker.WorkerState.DRAINING;
import static dev.sluice.master.worker.WorkerState.EXITED;
import static dev.sluice.master.worker.WorkerState.READY;
import static dev.sluice.master.worker.WorkerState.SERVING;
import static dev.sluice.master.worker.WorkerState.SPAWNING;
import static dev.sluice.master.worker.WorkerState.WARMING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerStateTest {

    /** The diagram of {@link WorkerState}, written down a second time. */
    private static final Map<WorkerState, Set<WorkerState>> ARROWS =
            Map.of(
                    SPAWNING, Set.of(WARMING, EXITED),
                    WARMING, Set.of(READY, EXITED),
                    READY, Set.of(SERVING, EXITED),
                    SERVING, Set.of(DRAINING, EXITED),
                    DRAINING, Set.of(EXITED),
                    EXITED, Set.of());

    @Test
    void onlyTheArrowsOfTheDiagramExist() {
        for (WorkerState from : WorkerState.values()) {
            for (WorkerState to : WorkerState.values()) {
                assertEquals(
                        ARROWS.get(from).contains(to), from.mayBecome(to), from + " -> " + to);
            }
        }
    }
}
