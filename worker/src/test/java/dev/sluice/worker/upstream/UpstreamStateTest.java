package dev.sluice.worker.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class UpstreamStateTest {

    /** All pairs: the arrows are those of the diagram; every state may close. */
    @Test
    void arrows() {
        Set<String> arrows = new TreeSet<>();
        for (UpstreamState from : UpstreamState.values()) {
            for (UpstreamState to : UpstreamState.values()) {
                if (to != UpstreamState.CLOSED && from.mayBecome(to)) {
                    arrows.add(from + " " + to);
                }
                assertEquals(true, from.mayBecome(UpstreamState.CLOSED));
            }
        }
        assertEquals(new TreeSet<>(Set.of("CLOSED CONNECTING", "CONNECTING SENDING",
                "SENDING READING_HEAD", "SENDING STREAMING", "READING_HEAD STREAMING",
                "STREAMING IDLE", "IDLE SENDING")), arrows);
    }
}
