package dev.sluice.master.metrics;

import dev.sluice.common.zones.LimitZone;
import dev.sluice.common.zones.LimitZone.Count;
import dev.sluice.common.zones.ZoneFile;

/** The counters of one limit at one moment. Immutable. */
public record LimitTotals(String name, long[] counts) {

    /** Reads them out of the zone. */
    public static LimitTotals of(ZoneFile zone) {
        long[] counts = new long[Count.values().length];
        for (Count what : Count.values()) {
            counts[what.ordinal()] = LimitZone.total(zone, what);
        }
        return new LimitTotals(zone.spec().name(), counts);
    }

    long count(Count what) {
        return counts[what.ordinal()];
    }
}
