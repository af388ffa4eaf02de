package dev.sluice.common.counters;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.UpstreamConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks that stand behind those of servers in a counter file and have their shape: one for
 * each of the first locations, one for all others, and two times for each of the first upstreams. A
 * label is parts with tabs between them, which no name has.
 *
 * <pre>
 *   www                   a server
 *   www TAB /api/         a location
 *   TAB other             all further locations
 *   TAB app TAB connect   how long connecting to peers of an upstream took
 *   TAB app TAB header    how long they took until the head of the answer had come
 * </pre>
 *
 * Stateless.
 */
public final class BlockLabels {

    /** So many locations are counted apart: 320 bytes each, and a page of metrics has an end. */
    public static final int ROUTES_MAX = 250;

    /** So many upstreams have times of their own. */
    public static final int UPSTREAMS_MAX = 100;

    private static final String TAB = "\t";

    private BlockLabels() {
    }

    /** All of them, servers first. */
    static List<String> of(SluiceConfig config) {
        List<String> all = new ArrayList<>();
        for (ServerConfig server : config.servers()) {
            all.add(server.name());
        }
        int count = 0;
        for (ServerConfig server : config.servers()) {
            for (LocationConfig location : server.locations()) {
                if (count++ < ROUTES_MAX) {
                    all.add(server.name().concat(TAB).concat(location.label()));
                }
            }
        }
        if (count > ROUTES_MAX) {
            all.add("\tother");
        }
        for (int i = 0; i < Math.min(config.upstreams().size(), UPSTREAMS_MAX); i++) {
            UpstreamConfig upstream = config.upstreams().get(i);
            all.add(TAB.concat(upstream.name()).concat("\tconnect"));
            all.add(TAB.concat(upstream.name()).concat("\theader"));
        }
        return all;
    }

    /** Place of the first location among the blocks. */
    public static int firstRoute(SluiceConfig config) {
        return config.servers().size();
    }

    /** Place of the times of the first upstream among the blocks. */
    public static int firstUpstream(SluiceConfig config) {
        int routes = 0;
        for (ServerConfig server : config.servers()) {
            routes += server.locations().size();
        }
        return firstRoute(config) + Math.min(routes, ROUTES_MAX + 1);
    }

    /** Whether a block is that of a server. */
    public static boolean isServer(String label) {
        return label.indexOf('\t') < 0;
    }

    /** Server and location, with an empty server for all others; null for another block. */
    public static List<String> route(String label) {
        List<String> parts = List.of(label.split(TAB, -1));
        return parts.size() == 2 ? parts : null;
    }

    /** Upstream and phase; null for another block. */
    public static List<String> phase(String label) {
        List<String> parts = List.of(label.split(TAB, -1));
        return parts.size() == 3 ? parts.subList(1, 3) : null;
    }
}
