package dev.sluice.worker.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ProxyStateTest {

    /** All pairs: the arrows are those of the diagram. */
    @Test
    void arrows() {
        Set<String> arrows = new TreeSet<>();
        for (ProxyState from : ProxyState.values()) {
            for (ProxyState to : ProxyState.values()) {
                if (from.mayBecome(to)) {
                    arrows.add(from + " " + to);
                }
            }
        }
        assertEquals(new TreeSet<>(Set.of(
                "FREE SELECTING",
                "SELECTING CONNECTING", "SELECTING FORWARDING", "SELECTING FREE",
                "SELECTING QUEUED", "QUEUED SELECTING", "QUEUED FREE",
                "CONNECTING FORWARDING", "CONNECTING SELECTING", "CONNECTING FREE",
                "FORWARDING SELECTING", "FORWARDING LENDING", "FORWARDING FREE",
                "LENDING FREE")), arrows);
    }
}
