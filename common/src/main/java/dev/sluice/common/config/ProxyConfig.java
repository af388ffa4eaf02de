package dev.sluice.common.config;

import java.util.List;

/**
 * Where a location forwards to, and how; with a {@code choice} to one of several upstreams, of
 * which {@code upstream} is only the first. {@code upstream} is a name in the list of upstreams;
 * {@code uri} replaces the matched prefix of the path, null leaves the path alone. The timeouts
 * are resolved: the location's, else the upstream's, else the default. {@code earlyHints} are
 * templates: a 103 is passed on when one is neither empty nor 0. {@code cache} is null
 * without one. Written at boot, then read-only.
 */
public record ProxyConfig(
        String upstream,
        String uri,
        ProxyHeadersConfig headers,
        long connectTimeoutMs,
        long sendTimeoutMs,
        long readTimeoutMs,
        long tunnelTimeoutMs,
        long tunnelPingMs,
        int headBytesMax,
        RetryConfig retry,
        TransportConfig transport,
        ProxyChoiceConfig choice,
        boolean grpc,
        boolean interceptsErrors,
        List<String> earlyHints,
        CacheUse cache) {
}
