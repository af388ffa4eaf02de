package dev.sluice.worker.route;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.UpstreamConfig;
import dev.sluice.common.counters.BlockLabels;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.worker.exchange.Location;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Gives each location its counters, by the places that {@link BlockLabels} tells. Used at boot. */
final class RouteCounters {

    private final SluiceConfig config;
    private final CounterWriter counters;
    private final Map<LocationConfig, Integer> byLocation = new IdentityHashMap<>();
    private final int firstUpstream;
    /** Place of those of all further locations; below zero when each has its own. */
    private int others = -1;

    RouteCounters(SluiceConfig config, CounterWriter counters) {
        this.config = config;
        this.counters = counters;
        firstUpstream = BlockLabels.firstUpstream(config);
        int place = BlockLabels.firstRoute(config);
        int last = place + BlockLabels.ROUTES_MAX;
        for (ServerConfig server : config.servers()) {
            for (LocationConfig location : server.locations()) {
                // Tests may count less than the configuration has.
                if (place < last && place < counters.serverCount()) {
                    byLocation.put(location, place++);
                } else {
                    others = last < counters.serverCount() ? last : -1;
                }
            }
        }
    }

    void furnish(Location location, LocationConfig one) {
        Integer own = byLocation.get(one);
        // The settings of a server are no location: what they answer is counted there alone.
        location.block = own != null ? own
                : one.label().equals("/") && location.label.isEmpty() ? -1 : others;
        location.counters = location.block < 0 ? null : counters.server(location.block);
        if (one.proxy() != null && one.proxy().choice() == null) {
            int at = firstUpstream + 2 * place(one.proxy().upstream());
            if (at >= firstUpstream && at + 1 < counters.serverCount()) {
                location.connectTimes = counters.server(at);
                location.headerTimes = counters.server(at + 1);
            }
        }
    }

    /** Among the first upstreams; below zero for none of them. */
    private int place(String name) {
        List<UpstreamConfig> all = config.upstreams();
        for (int i = 0; i < Math.min(all.size(), BlockLabels.UPSTREAMS_MAX); i++) {
            if (all.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
