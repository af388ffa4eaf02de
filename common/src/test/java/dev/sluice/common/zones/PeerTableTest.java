package dev.sluice.common.zones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.BalanceConfig;
import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.config.ResolverConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.SourceLine;
import dev.sluice.common.config.UpstreamConfig;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PeerTableTest {

    private static final SourceLine AT = new SourceLine("test.ini", 1);

    private static SluiceConfig config(String upstream, int from, int to) {
        List<PeerConfig> peers = IntStream.range(from, to).mapToObj(i -> new PeerConfig(AT,
                "h:" + i, "h", i, null, 1, 1, 1000, 0, false, false, 0, false, 0,
                null)).toList();
        UpstreamConfig one = new UpstreamConfig(
                AT, upstream, peers, BalanceConfig.ROUND_ROBIN, null, null, 1, 1, 1,
                ResolverConfig.SYSTEM, null);
        return new SluiceConfig(null, null, null, List.of(), List.of(), List.of(one), List.of(),
                null, null);
    }

    private static PeerTable table(SluiceConfig config) {
        return new PeerTable(ZoneFile.inMemory(PeerTable.spec(config)));
    }

    @Test
    void samePeerOfTheSameUpstreamKeepsItsRow() {
        SluiceConfig first = config("app", 0, 10);
        SluiceConfig second = config("app", 5, 15);
        PeerTable table = table(first);
        assertEquals(PeerTable.spec(first), PeerTable.spec(second));
        table.prepare(first, List.of());
        int row = table.find(PeerTable.key("app", "h:7"));
        int gone = table.find(PeerTable.key("app", "h:2"));
        table.set(row, PeerTable.HEALTH, 77);
        table.set(gone, PeerTable.HEALTH, 88);
        table.prepare(second, List.of(first));
        assertEquals(row, table.find(PeerTable.key("app", "h:7")));
        assertEquals(77, table.get(row, PeerTable.HEALTH));
        assertEquals(gone, table.find(PeerTable.key("app", "h:2")), "the first generation lives");
        table.prepare(second, List.of(second));
        assertEquals(-1, table.find(PeerTable.key("app", "h:2")));
        assertEquals(0, table.get(gone, PeerTable.HEALTH));
        assertEquals(-1, table.find(PeerTable.key("other", "h:7")));
    }

    /** Reload after reload with other peers each: rows of old ones are used again. */
    @Test
    void rowsDoNotRunOut() {
        PeerTable table = table(config("app", 0, 16));
        assertEquals(64, table.rowCount());
        for (int round = 0; round < 100; round++) {
            SluiceConfig next = config("app", round * 16, round * 16 + 16);
            table.prepare(next, List.of(config("app", round * 16 - 16, round * 16)));
            for (int i = 0; i < 16; i++) {
                int row = table.find(PeerTable.key("app", "h:" + (round * 16 + i)));
                assertTrue(row >= 0, "round " + round + " peer " + i);
            }
        }
    }

    @Test
    void countsOfALaneGoWithItsProcess() {
        SluiceConfig config = config("app", 0, 3);
        PeerTable table = table(config);
        table.prepare(config, List.of());
        int row = table.find(PeerTable.key("app", "h:1"));
        for (int lane = 0; lane < 4; lane++) {
            table.useLane(lane);
            table.setCount(row, lane, 10 + lane);
        }
        assertEquals(46, table.sum(row));
        table.clearLane(2);
        assertEquals(34, table.sum(row));
        assertEquals(0, table.sum(table.find(PeerTable.key("app", "h:0"))));
    }

    @Test
    void growsWithPeersAndWorkers() {
        assertEquals(64, table(config("a", 0, 1)).rowCount());
        assertEquals(128, table(config("a", 0, 17)).rowCount());
        assertEquals(4096, table(config("a", 0, 1000)).rowCount());
        assertNotEquals(PeerTable.key("a", "b"), PeerTable.key("a\nb", ""));
    }
}
