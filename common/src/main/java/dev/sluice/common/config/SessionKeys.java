package dev.sluice.common.config;

import dev.sluice.common.config.RetryConfig.RetryOn;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells of what an upstream says and no session of a stream acts on. Requests may act on it, where
 * a location forwards to the same upstream. Owner: the loading thread.
 */
final class SessionKeys {

    private static final String OWN_CONNECTION =
            "each session has a connection of its own; leave it out";
    private static final String OWN_TIME = "set proxy_timeout in the stream";

    /** @param help the cure */
    private record Unused(ConfigKey<?> key, String help) {}

    private static final List<Unused> ALWAYS = List.of(new Unused(BalanceKeys.STICKY,
            "sessions have no cookies: balance = hash $remote_addr consistent keeps a client with"
                    + " its peer"));
    private static final List<Unused> OF_REQUESTS = List.of(
            new Unused(ProxyKeys.KEEPALIVE, OWN_CONNECTION),
            new Unused(ProxyKeys.KEEPALIVE_TIMEOUT, OWN_CONNECTION),
            new Unused(ProxyKeys.KEEPALIVE_REQUESTS, OWN_CONNECTION),
            new Unused(ProxyKeys.SEND_TIMEOUT, OWN_TIME),
            new Unused(ProxyKeys.READ_TIMEOUT, OWN_TIME));
    private static final String NO_CONNECTION = "datagrams have no connection; leave it out";
    private static final List<Unused> OF_CONNECTIONS = List.of(
            new Unused(BalanceKeys.QUEUE, "datagrams do not wait; leave it out"),
            new Unused(ProxyKeys.CONNECT_TIMEOUT, NO_CONNECTION),
            new Unused(ProxyKeys.RETRY, NO_CONNECTION),
            new Unused(TransportKeys.TCP_FASTOPEN, NO_CONNECTION));

    private final Problems problems;
    /** Upstreams that requests are forwarded to. */
    private final Set<String> shared = new HashSet<>();
    private final Set<SourceLine> told = new HashSet<>();

    SessionKeys(List<ServerConfig> servers, Problems problems) {
        this.problems = problems;
        for (ServerConfig server : servers) {
            for (LocationConfig location : server.locations()) {
                if (location.proxy() != null) {
                    add(location.proxy());
                }
            }
        }
    }

    private void add(ProxyConfig proxy) {
        shared.add(proxy.upstream());
        if (proxy.choice() != null) {
            proxy.choice().choices().forEach(this::add);
        }
    }

    /** @param datagrams whether the stream has nothing else */
    void check(Scope stream, Scope upstream, boolean datagrams) {
        ALWAYS.forEach(one -> tell(one, stream, upstream));
        if (shared.contains(upstream.name)) {
            return;
        }
        OF_REQUESTS.forEach(one -> tell(one, stream, upstream));
        if (datagrams) {
            OF_CONNECTIONS.forEach(one -> tell(one, stream, upstream));
            return;
        }
        RetryConfig retry = upstream.ownValue(ProxyKeys.RETRY);
        if (retry != null && (retry.on().contains(RetryOn.HTTP_502)
                || retry.on().contains(RetryOn.HTTP_503)
                || retry.on().contains(RetryOn.HTTP_504))) {
            tell(new Unused(ProxyKeys.RETRY, "sessions have no status: leave http_5xx out"),
                    stream, upstream);
        }
    }

    private void tell(Unused one, Scope stream, Scope upstream) {
        if (upstream.has(one.key)) {
            SourceLine at = upstream.own(one.key).getFirst().value().at();
            if (told.add(at)) {
                problems.warn(at, "\"" + one.key.name() + "\" has no meaning for "
                        + stream.title(), one.help);
            }
        }
    }
}
