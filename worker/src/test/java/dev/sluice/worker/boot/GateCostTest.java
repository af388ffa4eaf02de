package dev.sluice.worker.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.exchange.SteadyAllocation;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gates leave nothing behind; what they cost in time is measured by GateBench. */
class GateCostTest {

    private static final int COUNT = 50_000;
    /** Room for what the machine itself allocates; an object per request would be far more. */
    private static final long NOISE_BYTES_MAX = 20_000;

    @TempDir
    Path folder;

    private void measure(String keys) {
        GateHarness gates = new GateHarness(folder, keys);
        assertEquals(200, gates.exchange());
        assertEquals(2, gates.h.client.exchange.location.gates.length);
        long bytes = SteadyAllocation.leastBytes(NOISE_BYTES_MAX, () -> {
            for (int i = 0; i < COUNT; i++) {
                gates.exchange();
            }
        });
        assertEquals(200, gates.exchange());
        assertTrue(bytes <= NOISE_BYTES_MAX, keys + ": " + bytes + " bytes");
    }

    @Test
    void aRequestThroughLimitAndAccessListAllocatesNothing() {
        measure(GateHarness.LIMIT + GateHarness.ACCESS_LIST);
    }

    @Test
    void aListThatRefusesSomeStillPassesTheOthers() {
        GateHarness refused = new GateHarness(folder, "deny = 192.0.2.0/24\nallow = all\n");
        assertEquals(403, refused.exchange());
    }
}
