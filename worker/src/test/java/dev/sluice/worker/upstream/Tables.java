package dev.sluice.worker.upstream;

import dev.sluice.common.config.BalanceConfig;
import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.config.ResolverConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.SourceLine;
import dev.sluice.common.config.UpstreamConfig;
import dev.sluice.common.zones.PeerTable;
import dev.sluice.common.zones.ZoneFile;
import java.util.ArrayList;
import java.util.List;

/** Tables of peers for tests: the peers of one upstream {@code app}, whose rows are 0, 1, ... */
final class Tables {

    private static final SourceLine AT = new SourceLine("test.ini", 1);

    private Tables() {}

    static PeerTable of(int peers) {
        SluiceConfig config = config(peers);
        PeerTable table = new PeerTable(ZoneFile.inMemory(PeerTable.spec(config)));
        table.prepare(config, List.of());
        table.useLane(1);
        return table;
    }

    static SluiceConfig config(int peerCount) {
        List<PeerConfig> peers = new ArrayList<>();
        for (int i = 0; i < peerCount; i++) {
            peers.add(new PeerConfig(AT, "10.0.0.1:" + (i + 1), "10.0.0.1", i + 1, null, 1, 1,
                    10_000, 0, false, false, 0, false, 0, null));
        }
        UpstreamConfig app = new UpstreamConfig(AT, "app", peers, BalanceConfig.ROUND_ROBIN, null,
                null, 4, 60_000, 1000, ResolverConfig.SYSTEM, null);
        return new SluiceConfig(null, null, null, List.of(), List.of(), List.of(app), List.of(),
                null, null);
    }
}
