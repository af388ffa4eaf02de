package dev.sluice.common.zones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.SluiceConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerTableTest {

    private static SluiceConfig config(String upstream, int from, int to) {
        StringBuilder text = new StringBuilder("[upstream " + upstream + "]\n");
        for (int i = from; i < to; i++) {
            text.append("server = h").append(i).append('\n');
        }
        return ConfigLoader.loadText(text.toString(), Path.of("/")).config();
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
        int row = table.find(PeerTable.key("app", "h7"));
        int gone = table.find(PeerTable.key("app", "h2"));
        table.set(row, PeerTable.HEALTH, 77);
        table.set(gone, PeerTable.HEALTH, 88);
        table.prepare(second, List.of(first));
        assertEquals(row, table.find(PeerTable.key("app", "h7")));
        assertEquals(77, table.get(row, PeerTable.HEALTH));
        assertEquals(gone, table.find(PeerTable.key("app", "h2")), "the first generation lives");
        table.prepare(second, List.of(second));
        assertEquals(-1, table.find(PeerTable.key("app", "h2")));
        assertEquals(0, table.get(gone, PeerTable.HEALTH));
        assertEquals(-1, table.find(PeerTable.key("other", "h7")));
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
                int row = table.find(PeerTable.key("app", "h" + (round * 16 + i)));
                assertTrue(row >= 0, "round " + round + " peer " + i);
            }
        }
    }

    @Test
    void countsOfALaneGoWithItsProcess() {
        SluiceConfig config = config("app", 0, 3);
        PeerTable table = table(config);
        table.prepare(config, List.of());
        int row = table.find(PeerTable.key("app", "h1"));
        for (int lane = 0; lane < 4; lane++) {
            table.useLane(lane);
            table.setCount(row, lane, 10 + lane);
        }
        assertEquals(46, table.sum(row));
        table.clearLane(2);
        assertEquals(34, table.sum(row));
        assertEquals(0, table.sum(table.find(PeerTable.key("app", "h0"))));
    }

    @Test
    void growsWithPeersAndWorkers() {
        assertEquals(64, table(config("a", 0, 1)).rowCount());
        assertEquals(128, table(config("a", 0, 17)).rowCount());
        assertEquals(4096, table(config("a", 0, 1000)).rowCount());
        assertNotEquals(PeerTable.key("a", "b"), PeerTable.key("a\nb", ""));
    }
}
