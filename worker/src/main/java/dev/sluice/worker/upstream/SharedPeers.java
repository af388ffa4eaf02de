package dev.sluice.worker.upstream;

import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.common.zones.PeerTable;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.common.zones.ZoneSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where the rows of this worker's peers are: in the zone of all workers. A peer that has no row
 * there gets one that only this worker sees.
 *
 * <p>Used at boot.
 */
public final class SharedPeers {

    private final PeerTable table;
    private final int lane;
    private final long[] secret;

    private SharedPeers(ZoneFile zone, int lane) {
        table = new PeerTable(zone);
        this.lane = lane;
        secret = new long[] {zone.secret0(), zone.secret1()};
        table.useLane(lane);
    }

    /** Opens the zone that the master has made; without it limits hold for this worker alone. */
    public static SharedPeers open(SluiceConfig config, Path zones, int lane, ErrorLog log) {
        ZoneSpec spec = PeerTable.spec(config);
        try {
            ZoneFile zone = ZoneFile.open(zones, spec);
            if (lane < new PeerTable(zone).laneCount()) {
                return new SharedPeers(zone, lane);
            }
            log.log(Level.WARN, "too many worker processes live for the state of peers:"
                    + " this one counts by itself");
        } catch (IOException e) {
            log.log(Level.ERROR, "state of peers is not shared: " + e.getMessage());
        }
        return alone(config);
    }

    /** A table that no other process sees. */
    public static SharedPeers alone(SluiceConfig config) {
        ZoneFile zone = ZoneFile.inMemory(PeerTable.spec(config));
        new PeerTable(zone).prepare(config, List.of());
        return of(zone, 0);
    }

    /** A table that is there already, for tests. */
    public static SharedPeers of(ZoneFile zone, int lane) {
        return new SharedPeers(zone, lane);
    }

    PeerTable table() {
        return table;
    }

    int lane() {
        return lane;
    }

    long[] secret() {
        return secret;
    }

    PeerRow row(String upstream, String peer) {
        int row = table.find(PeerTable.key(upstream, peer));
        if (row >= 0) {
            return new PeerRow(table, row, lane);
        }
        PeerTable own = PeerTable.small();
        own.useLane(0);
        return new PeerRow(own, 0, 0);
    }
}
