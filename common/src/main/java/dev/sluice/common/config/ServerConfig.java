package dev.sluice.common.config;

import java.util.List;

/**
 * A virtual host. {@code fallback} holds the settings of the server itself, for requests that no
 * location matches; an empty {@code allow} admits every client. Written at boot, then read-only.
 */
public record ServerConfig(
        SourceLine at,
        String name,
        List<ListenConfig> listens,
        List<ServerNameConfig> names,
        List<RewriteConfig> rewrites,
        ReturnConfig ret,
        boolean metrics,
        List<String> allow,
        List<LocationConfig> locations,
        LocationConfig fallback) {

    public ServerConfig {
        listens = List.copyOf(listens);
        names = List.copyOf(names);
        rewrites = List.copyOf(rewrites);
        allow = List.copyOf(allow);
        locations = List.copyOf(locations);
    }
}
