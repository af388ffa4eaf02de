package dev.sluice.worker.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.zones.PeerTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeerRowTest {

    private static final long MS = 1_000_000L;
    private static final long SECOND = 1_000 * MS;

    private final PeerTable table = Tables.of(1);

    /** Workers as threads, each with its lane: never more than the limit, and none lost. */
    @Test
    void reservesExactlyForAllWorkers() throws Exception {
        int workers = 4;
        int max = 3;
        table.useLane(workers - 1);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger granted = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int lane = 0; lane < workers; lane++) {
            PeerRow mine = new PeerRow(table, 0, lane);
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                for (int i = 0; i < 200_000; i++) {
                    if (mine.reserve(max)) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        granted.incrementAndGet();
                        inside.decrementAndGet();
                        mine.release();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(most.get() <= max, "at once: " + most);
        assertTrue(granted.get() > 1000, "granted: " + granted);
        assertEquals(0, table.sum(0));
    }

    @Test
    void limitHoldsAcrossLanesAndOpensWhenAProcessDies() {
        PeerRow here = new PeerRow(table, 0, 0);
        PeerRow there = new PeerRow(table, 0, 1);
        assertTrue(here.reserve(2) && there.reserve(2));
        assertFalse(here.reserve(2));
        assertFalse(there.reserve(2));
        assertEquals(2, here.inFlight());
        table.clearLane(1);
        assertTrue(here.reserve(2));
        here.release();
        here.release();
        assertEquals(0, here.inFlight());
    }

    @Test
    void slowAnswersShowAtOnceAndFastOnesBitByBit() {
        PeerRow row = new PeerRow(table, 0, 0);
        assertEquals(0, row.latencyNs(0));
        row.measured(10 * MS, SECOND);
        row.measured(50 * MS, SECOND);
        assertEquals(50 * MS, row.latencyNs(SECOND), 1);
        row.measured(10 * MS, 2 * SECOND);
        long afterOne = row.latencyNs(2 * SECOND);
        assertTrue(afterOne > 40 * MS && afterOne < 50 * MS, "now " + afterOne);
        for (int s = 3; s < 100; s++) {
            row.measured(10 * MS, s * SECOND);
        }
        assertEquals(10 * MS, row.latencyNs(99 * SECOND), MS);
    }

    @Test
    void latencyFadesWithoutAnswersAndIsSharedByAll() {
        new PeerRow(table, 0, 0).measured(40 * MS, 0);
        PeerRow there = new PeerRow(table, 0, 1);
        assertEquals(20 * MS, there.latencyNs(10 * SECOND), 1);
        assertEquals(10 * MS, there.latencyNs(30 * SECOND), 1);
    }

    @Test
    void failureIsSlowHoweverFastItCame() {
        PeerRow row = new PeerRow(table, 0, 0);
        row.measuredFailure(MS, 0);
        assertEquals(0, row.latencyNs(0), "nothing to double yet");
        row.measured(10 * MS, 0);
        row.measuredFailure(MS, 0);
        assertEquals(20 * MS, row.latencyNs(0), 1);
    }
}
