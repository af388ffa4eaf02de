package dev.sluice.master.system;

import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.zones.PeerTable;
import dev.sluice.common.zones.ZoneSpec;
import java.util.Collection;

/** The master's part in the state of peers: rows and the lanes of the dead. Owner: master loop. */
public final class PeerRows {

    private final ZoneFiles zones;

    public PeerRows(ZoneFiles zones) {
        this.zones = zones;
    }

    /**
     * Gives the peers of a configuration their rows before its workers look for them.
     *
     * @param living whose workers live or will be started again; the rows of all others are freed
     */
    public void prepare(SluiceConfig next, Collection<SluiceConfig> living) {
        ZoneSpec spec = PeerTable.spec(next);
        zones.forEach(PeerTable.KIND, zone -> {
            if (zone.spec().equals(spec)) {
                new PeerTable(zone).prepare(next, living);
            }
        });
    }

    /** A process is gone: what it had under way is so, too. */
    public void clearLane(int lane) {
        zones.forEach(PeerTable.KIND, zone -> new PeerTable(zone).clearLane(lane));
    }
}
