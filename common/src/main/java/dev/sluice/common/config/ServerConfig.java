package dev.sluice.common.config;

import java.util.List;

/**
 * A virtual host. {@code fallback} holds the settings of the server itself, for requests that no
 * location matches; {@code tls} is null where no address has {@code ssl}. Written at boot, then
 * read-only.
 */
public record ServerConfig(
        SourceLine at,
        String name,
        List<ListenConfig> listens,
        List<ServerNameConfig> names,
        List<RewriteConfig> rewrites,
        ReturnConfig ret,
        boolean metrics,
        ClaimsConfig claims,
        List<LocationConfig> locations,
        LocationConfig fallback,
        ServerTlsConfig tls,
        boolean http2) {

    public ServerConfig {
        listens = List.copyOf(listens);
        names = List.copyOf(names);
        rewrites = List.copyOf(rewrites);
        locations = List.copyOf(locations);
    }
}
