package dev.sluice.worker.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.zones.PeerTable;
import dev.sluice.worker.upstream.Circuit.State;
import org.junit.jupiter.api.Test;

/** Times are milliseconds of a clock that began long ago. */
class CircuitTest {

    private static final long SECOND = 1_000;

    private final PeerTable table = Tables.of(1);
    private final Circuit circuit = new Circuit(new PeerRow(table, 0, 0), 3, 10 * SECOND);
    /** The same upstream as another worker sees it. */
    private final Circuit there = new Circuit(new PeerRow(table, 0, 1), 3, 10 * SECOND);

    private void open(long atMs) {
        assertFalse(circuit.failed(atMs));
        assertFalse(there.failed(atMs));
        assertTrue(circuit.failed(atMs));
    }

    @Test
    void opensAfterFailuresOfAllWorkersAndSaysForHowLong() {
        open(5 * SECOND);
        assertEquals(State.OPEN, there.state());
        assertFalse(there.admits(15 * SECOND - 1));
        assertFalse(there.enter(15 * SECOND - 1));
        assertEquals(15 * SECOND, there.opensAtMs());
        assertTrue(there.admits(15 * SECOND));
    }

    @Test
    void successBetweenThemBeginsAnew() {
        for (int i = 0; i < 5; i++) {
            assertFalse(circuit.failed(0));
            assertFalse(there.failed(0));
            assertFalse(circuit.succeeded());
        }
        assertEquals(State.CLOSED, circuit.state());
        open(0);
    }

    @Test
    void oneRequestOfOneWorkerFindsOut() {
        open(0);
        assertTrue(circuit.enter(10 * SECOND));
        assertEquals(State.HALF_OPEN, there.state());
        assertFalse(there.enter(19 * SECOND));
        assertFalse(circuit.enter(19 * SECOND));
        assertEquals(20 * SECOND, circuit.opensAtMs());
        assertTrue(circuit.succeeded());
        assertTrue(there.enter(11 * SECOND));
        assertEquals(0, there.opensAtMs());
    }

    @Test
    void probeThatFailsOpensItAgainAtOnce() {
        open(0);
        assertTrue(there.enter(12 * SECOND));
        assertTrue(there.failed(13 * SECOND));
        assertFalse(circuit.admits(23 * SECOND - 1));
        assertTrue(circuit.admits(23 * SECOND));
    }

    @Test
    void probeThatTellsNothingIsFollowedByAnother() {
        open(0);
        assertTrue(there.enter(10 * SECOND));
        assertFalse(circuit.enter(20 * SECOND - 1));
        assertTrue(circuit.enter(20 * SECOND));
    }

    @Test
    void whatFailsWhileItIsOpenMakesItNoLonger() {
        open(0);
        assertFalse(there.failed(9 * SECOND));
        assertTrue(there.admits(10 * SECOND));
    }

    @Test
    void answerToWhatWasUnderWayClosesIt() {
        open(0);
        assertTrue(there.succeeded());
        assertTrue(circuit.admits(1));
    }
}
