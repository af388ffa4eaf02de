package dev.sluice.worker.route;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Location;

/** Makes what answers in a location: the proxy or the static files. Called at boot. */
public interface ContentFactory {

    /** The configuration has a {@code proxy_pass}, or else a root or an alias. */
    ContentHandler contentFor(LocationConfig config, Location location);

    /** The configuration has a {@code connect_allow}. */
    default ContentHandler tunnelFor(LocationConfig config) {
        throw new IllegalStateException("nobody opens tunnels here");
    }
}
