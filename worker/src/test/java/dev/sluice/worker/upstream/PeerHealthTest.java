package dev.sluice.worker.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PeerHealthTest {

    private static final long SECOND = 1_000_000_000L;

    private final PeerHealth health = new PeerHealth(3, 10 * SECOND);

    private void fail(long atNs, boolean isLast, boolean expectDown) {
        assertEquals(expectDown, health.failed(atNs, isLast));
    }

    @Test
    void goesDownAfterMaxFailsWithinTheTime() {
        fail(0, false, false);
        fail(SECOND, false, false);
        fail(2 * SECOND, false, true);
        assertEquals(PeerHealth.State.DOWN, health.state());
        assertFalse(health.usable(12 * SECOND - 1));
        assertTrue(health.usable(12 * SECOND));
    }

    @Test
    void failuresFarApartDoNotAddUp() {
        for (int i = 0; i < 20; i++) {
            fail(i * 5 * SECOND, false, false);
        }
        assertEquals(PeerHealth.State.UP, health.state());
    }

    @Test
    void isProbedByOneRequestAndComesBack() {
        down();
        health.chosen(20 * SECOND);
        assertEquals(PeerHealth.State.PROBING, health.state());
        assertFalse(health.usable(100 * SECOND));
        health.succeeded();
        assertEquals(PeerHealth.State.UP, health.state());
        fail(21 * SECOND, false, false);
    }

    @Test
    void failedProbeIsDownAgainAtOnce() {
        down();
        health.chosen(20 * SECOND);
        fail(20 * SECOND, false, true);
        assertFalse(health.usable(29 * SECOND));
        assertTrue(health.usable(30 * SECOND));
    }

    @Test
    void abandonedProbeIsMadeAgain() {
        down();
        health.chosen(20 * SECOND);
        health.abandoned(21 * SECOND);
        assertTrue(health.usable(21 * SECOND));
        assertEquals(PeerHealth.State.DOWN, health.state());
    }

    @Test
    void lastUsablePeerStaysUp() {
        for (int i = 0; i < 10; i++) {
            fail(i, true, false);
            assertTrue(health.usable(i));
        }
        fail(10, false, true);
    }

    @Test
    void zeroNeverCounts() {
        PeerHealth never = new PeerHealth(0, SECOND);
        for (int i = 0; i < 10; i++) {
            assertFalse(never.failed(i, false));
        }
        assertTrue(never.usable(10));
    }

    @Test
    void answersThatCameLateDoNotBringAPeerBack() {
        down();
        health.succeeded();
        health.abandoned(3 * SECOND);
        assertFalse(health.usable(3 * SECOND));
    }

    private void down() {
        fail(0, false, false);
        fail(0, false, false);
        fail(0, false, true);
    }
}
