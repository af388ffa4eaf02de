package dev.sluice.common.zones;

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
        config.limits().forEach(limit -> all.add(LimitZone.spec(limit)));
        return List.copyOf(all);
    }
}
