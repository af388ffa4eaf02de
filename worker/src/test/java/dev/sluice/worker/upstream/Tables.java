package dev.sluice.worker.upstream;

import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.zones.PeerTable;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.worker.config.ConfigText;
import java.util.List;

/** Tables of peers for tests: the peers of one upstream {@code app}, whose rows are 0, 1, ... */
final class Tables {

    private Tables() {}

    static PeerTable of(int peers) {
        SluiceConfig config = config(peers);
        PeerTable table = new PeerTable(ZoneFile.inMemory(PeerTable.spec(config)));
        table.prepare(config, List.of());
        table.useLane(1);
        return table;
    }

    static SluiceConfig config(int peerCount) {
        StringBuilder text = new StringBuilder("[upstream app]\n");
        for (int i = 1; i <= peerCount; i++) {
            text.append("server = 10.0.0.1:").append(i).append(" max_fails=1\n");
        }
        return ConfigText.of(text.toString());
    }
}
