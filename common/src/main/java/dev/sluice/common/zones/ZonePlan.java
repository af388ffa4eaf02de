package dev.sluice.common.zones;

import dev.sluice.common.config.SluiceConfig;
import java.util.List;

/** Which zones a configuration needs; master and workers ask the same question. Stateless. */
public final class ZonePlan {
    private ZonePlan() {}

    /** In no particular order, none twice. */
    public static List<ZoneSpec> of(SluiceConfig config) {
        return List.of(PeerTable.spec(config));
    }
}
