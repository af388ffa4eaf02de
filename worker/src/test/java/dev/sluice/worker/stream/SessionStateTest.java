package dev.sluice.worker.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SessionStateTest {

    /** All pairs: the arrows are those of the diagram; every state may close. */
    @Test
    void arrows() {
        Set<String> arrows = new TreeSet<>();
        for (SessionState from : SessionState.values()) {
            for (SessionState to : SessionState.values()) {
                if (to != SessionState.CLOSED && from.mayBecome(to)) {
                    arrows.add(from + " " + to);
                }
            }
            assertTrue(from.mayBecome(SessionState.CLOSED));
        }
        assertEquals(new TreeSet<>(Set.of("CLOSED OPENING", "OPENING HANDSHAKE",
                "OPENING PREREAD", "OPENING CONNECTING", "HANDSHAKE CONNECTING",
                "PREREAD CONNECTING", "CONNECTING RELAYING")), arrows);
    }
}
