package dev.sluice.master.system;

import dev.sluice.common.zones.HoldTable;

/** The master's part in limits of connections: what the dead have held. Owner: master loop. */
public final class HoldTables {

    private final ZoneFiles zones;

    public HoldTables(ZoneFiles zones) {
        this.zones = zones;
    }

    /** A process is gone: what it had in progress is so, too. */
    public void clearLane(int lane) {
        zones.forEach(HoldTable.KIND, zone -> new HoldTable(zone).clearLane(lane));
    }
}
