package dev.sluice.common.zones;

import dev.sluice.common.config.LimitConfig;
import dev.sluice.common.config.SluiceConfig;
import java.util.ArrayList;
import java.util.List;

/** Which zones a configuration needs; master and workers ask the same question. Stateless. */
public final class ZonePlan {
    private ZonePlan() {}

    /** In no particular order, none twice. */
    public static List<ZoneSpec> of(SluiceConfig config) {
        List<ZoneSpec> all = new ArrayList<>();
        all.add(PeerTable.spec(config));
        config.limits().forEach(limit -> all.add(ofLimit(limit, config)));
        return List.copyOf(all);
    }

    /** The zone of one {@code [limit]}. */
    public static ZoneSpec ofLimit(LimitConfig limit, SluiceConfig config) {
        return limit.rate() == null ? HoldTable.spec(limit, config) : LimitZone.spec(limit);
    }
}
