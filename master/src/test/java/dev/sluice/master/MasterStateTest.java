package dev.sluice.master;

import static dev.sluice.master.MasterState.DRAINING;
import static dev.sluice.master.MasterState.RELOADING;
import static dev.sluice.master.MasterState.RESTING;
import static dev.sluice.master.MasterState.RUNNING;
import static dev.sluice.master.MasterState.STARTING;
import static dev.sluice.master.MasterState.STOPPED;
import static dev.sluice.master.MasterState.STOPPING;
import static dev.sluice.master.MasterState.UPGRADING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MasterStateTest {

    /** The diagram of {@link MasterState}, written down a second time. */
    private static final Map<MasterState, Set<MasterState>> ARROWS =
            Map.of(
                    STARTING, Set.of(RUNNING, STOPPING),
                    RUNNING, Set.of(RELOADING, UPGRADING, RESTING, DRAINING, STOPPING),
                    UPGRADING, Set.of(RUNNING, DRAINING, STOPPING),
                    RELOADING, Set.of(RUNNING, RESTING, DRAINING, STOPPING),
                    RESTING, Set.of(RELOADING, DRAINING, STOPPING),
                    DRAINING, Set.of(STOPPING, STOPPED),
                    STOPPING, Set.of(STOPPED),
                    STOPPED, Set.of());

    @Test
    void onlyTheArrowsOfTheDiagramExist() {
        for (MasterState from : MasterState.values()) {
            for (MasterState to : MasterState.values()) {
                assertEquals(
                        ARROWS.get(from).contains(to), from.mayBecome(to), from + " -> " + to);
            }
        }
    }
}
