package dev.sluice.worker.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.zones.PeerTable;
import dev.sluice.worker.upstream.PeerHealth.Choice;
import dev.sluice.worker.upstream.PeerHealth.State;
import org.junit.jupiter.api.Test;

/** Times are milliseconds of a clock that began long ago. */
class PeerHealthTest {

    private static final long SECOND = 1_000;

    private final PeerTable table = Tables.of(1);
    private final PeerRow row = new PeerRow(table, 0, 0);
    private final PeerHealth health = new PeerHealth(row, 3, 10 * SECOND);
    /** The same peer as another worker sees it. */
    private final PeerHealth there = new PeerHealth(new PeerRow(table, 0, 1), 3, 10 * SECOND);

    private void fail(long atMs, boolean mayEject, boolean expectDown) {
        assertEquals(expectDown, health.failed(atMs, mayEject));
    }

    private void down(long atMs) {
        fail(atMs, true, false);
        fail(atMs, true, false);
        fail(atMs, true, true);
    }

    @Test
    void goesDownAfterMaxFailsWithinTheTime() {
        fail(0, true, false);
        fail(SECOND, true, false);
        fail(2 * SECOND, true, true);
        assertEquals(State.DOWN, health.state());
        assertFalse(health.usable(12 * SECOND - 1));
        assertTrue(health.usable(12 * SECOND));
        assertEquals(12 * SECOND, health.usableAtMs());
    }

    @Test
    void failuresFarApartDoNotAddUp() {
        for (int i = 0; i < 20; i++) {
            fail(i * 5 * SECOND, true, false);
        }
        assertEquals(State.UP, health.state());
    }

    @Test
    void failuresOfAllWorkersAddUp() {
        fail(0, true, false);
        assertFalse(there.failed(SECOND, true));
        fail(2 * SECOND, true, true);
        assertFalse(there.usable(3 * SECOND));
    }

    @Test
    void isProbedByOneRequestOfOneWorkerAndComesBack() {
        down(0);
        assertEquals(Choice.GO_AS_PROBE, health.chosen(20 * SECOND));
        assertEquals(State.PROBING, there.state());
        assertFalse(there.usable(29 * SECOND));
        assertEquals(Choice.TOO_LATE, there.chosen(29 * SECOND));
        assertTrue(health.succeeded(21 * SECOND));
        assertEquals(State.UP, there.state());
        assertEquals(21 * SECOND, row.get(PeerTable.UP_SINCE_MS));
        fail(22 * SECOND, true, false);
    }

    @Test
    void probeOfADeadWorkerIsMadeAgain() {
        down(0);
        assertEquals(Choice.GO_AS_PROBE, there.chosen(20 * SECOND));
        assertFalse(health.usable(30 * SECOND - 1));
        assertEquals(Choice.GO_AS_PROBE, health.chosen(30 * SECOND));
    }

    @Test
    void failedProbeIsDownAgainForLonger() {
        down(0);
        health.chosen(20 * SECOND);
        fail(20 * SECOND, true, true);
        assertFalse(health.usable(40 * SECOND - 1));
        assertTrue(health.usable(40 * SECOND));
    }

    /** fail_timeout times n, ten at most; a peer that has served as long begins at one. */
    @Test
    void restGrowsWithRepetitionAndIsForgotten() {
        down(0);
        long nowMs = 0;
        for (int n = 1; n <= 15; n++) {
            long restMs = Math.min(n, PeerHealth.EJECTIONS_MAX) * 10 * SECOND;
            assertFalse(health.usable(nowMs + restMs - 1), "ejection " + n);
            nowMs += restMs;
            assertEquals(Choice.GO_AS_PROBE, health.chosen(nowMs), "ejection " + n);
            fail(nowMs, true, true);
        }
        nowMs += 100 * SECOND;
        health.chosen(nowMs);
        health.succeeded(nowMs);
        nowMs += 101 * SECOND;
        down(nowMs);
        assertTrue(health.usable(nowMs + 10 * SECOND));
    }

    @Test
    void soonAfterItCameBackItIsEjectedForLonger() {
        down(0);
        health.chosen(10 * SECOND);
        health.succeeded(10 * SECOND);
        down(15 * SECOND);
        assertFalse(health.usable(35 * SECOND - 1));
        assertTrue(health.usable(35 * SECOND));
    }

    @Test
    void abandonedProbeIsMadeAgain() {
        down(0);
        health.chosen(20 * SECOND);
        health.abandoned(21 * SECOND);
        assertTrue(health.usable(21 * SECOND));
        assertEquals(State.DOWN, health.state());
    }

    @Test
    void peerThatMayNotBeEjectedStaysUpUntilItMay() {
        for (int i = 0; i < 10; i++) {
            fail(i, false, false);
            assertTrue(health.usable(i));
        }
        fail(10, true, true);
        health.backUp();
        assertTrue(there.usable(10));
    }

    @Test
    void zeroNeverCounts() {
        PeerHealth never = new PeerHealth(row, 0, SECOND);
        for (int i = 0; i < 10; i++) {
            assertFalse(never.failed(i, true));
        }
        assertTrue(never.usable(10));
    }

    @Test
    void answersThatCameLateDoNotBringAPeerBack() {
        down(0);
        assertFalse(health.succeeded(2 * SECOND));
        assertFalse(health.usable(3 * SECOND));
    }
}
