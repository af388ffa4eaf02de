package dev.sluice.master.metrics;

import dev.sluice.common.counters.BlockLabels;
import dev.sluice.common.counters.PeerLabel;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Which servers, locations, upstreams and peers have series of their own, so that a page of metrics
 * has an end: the first ones that were seen, as long as the master lives. All others are one,
 * called other. Nobody changes sides, since a total must not go back. Owner: the thread that
 * renders.
 */
final class OwnSeries {

    static final int SERVERS_MAX = 500;
    static final int ROUTES_MAX = 1000;
    static final int PHASES_MAX = 1000;
    static final int PEERS_MAX = 2000;
    private static final String OTHER = "other";
    private static final PeerLabel OTHER_PEER = new PeerLabel(OTHER, OTHER);

    private final Set<String> servers = new HashSet<>();
    private final Set<String> routes = new HashSet<>();
    private final Set<String> phases = new HashSet<>();
    private final Set<PeerLabel> peers = new HashSet<>();

    /** Puts together what has no series of its own. */
    void fold(FleetTotals sums) {
        fold(sums.servers, this::shown);
        fold(sums.peers, peer -> isOwn(peers, peer, PEERS_MAX) ? peer : OTHER_PEER);
    }

    private String shown(String label) {
        if (BlockLabels.isServer(label)) {
            return isOwn(servers, label, SERVERS_MAX) ? label : OTHER;
        }
        if (BlockLabels.route(label) != null) {
            return isOwn(routes, label, ROUTES_MAX) ? label : "\t" + OTHER;
        }
        return isOwn(phases, label, PHASES_MAX) ? label
                : "\t" + OTHER + "\t" + BlockLabels.phase(label).get(1);
    }

    private static <L> boolean isOwn(Set<L> own, L label, int most) {
        return own.contains(label) || own.size() < most && own.add(label);
    }

    private static <L> void fold(Map<L, FleetTotals.Block> all, Function<L, L> shown) {
        Map<L, FleetTotals.Block> folded = new LinkedHashMap<>();
        Iterator<Map.Entry<L, FleetTotals.Block>> each = all.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<L, FleetTotals.Block> one = each.next();
            L label = shown.apply(one.getKey());
            if (!label.equals(one.getKey())) {
                each.remove();
                folded.computeIfAbsent(label,
                        k -> new FleetTotals.Block(one.getValue().scalars.length))
                        .add(one.getValue());
            }
        }
        folded.forEach((label, sum) -> all.merge(label, sum, (a, b) -> {
            a.add(b);
            return a;
        }));
    }
}
