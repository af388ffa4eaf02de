package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.LOCATION;
import static dev.sluice.common.config.SectionKind.SERVER;
import static dev.sluice.common.config.SectionKind.STREAM;
import static dev.sluice.common.config.SectionKind.UPSTREAM;

import java.util.List;

/** The part of the table for forwarding and upstreams. Written at boot, then read-only. */
public final class ProxyKeys {

    private static final long DAY_MS = 86_400_000;

    public static final ConfigKey<UpstreamTypes.ProxyPass> PROXY_PASS = ConfigKey.single(
            "proxy_pass",
            UpstreamTypes.PROXY_PASS, null,
            "Forwards requests. A URI after the address replaces the location's prefix. With a"
                    + " variable each request chooses among the [upstream]s of the configuration;"
                    + " another name is a 502, never a host that is looked up.",
            LOCATION).shows("http://app", "http://127.0.0.1:8080/base/", "http://$http_x_pool");

    public static final ConfigKey<UpstreamTypes.ProxyPass> GRPC_PASS = ConfigKey.single(
            "grpc_pass", UpstreamTypes.GRPC_PASS, null,
            "Forwards calls of gRPC: as proxy_pass with proxy_http_version = 2, with trailers, and"
                    + " until the call's own deadline (grpc-timeout) at most. Errors of this side"
                    + " reach the caller as a grpc-status.",
            LOCATION).shows("grpc://app", "grpcs://10.0.0.11:8443");

    /** The one of the two that the location has; null without. */
    static Setting<UpstreamTypes.ProxyPass> pass(Scope location) {
        List<Setting<UpstreamTypes.ProxyPass>> own = location.own(PROXY_PASS);
        if (own.isEmpty()) {
            own = location.own(GRPC_PASS);
        }
        return own.isEmpty() ? null : own.getFirst();
    }

    public static final ConfigKey<Long> PROXY_CONNECT_TIMEOUT = ConfigKey.single(
            "proxy_connect_timeout",
            new Scalars.Time(1, 3_600_000), "5s",
            "How long a connection to a peer may take; goes before the upstream's.",
            HTTP, SERVER, LOCATION, STREAM);

    public static final ConfigKey<Long> PROXY_SEND_TIMEOUT = ConfigKey.single("proxy_send_timeout",
            new Scalars.Time(1, DAY_MS), "60s",
            "How long a peer may take nothing of a request; goes before the upstream's.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> PROXY_READ_TIMEOUT = ConfigKey.single("proxy_read_timeout",
            new Scalars.Time(1, DAY_MS), "60s",
            "How long a peer may send nothing; goes before the upstream's.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> PROXY_TUNNEL_TIMEOUT = ConfigKey.single(
            "proxy_tunnel_timeout", new Scalars.Time(1, 7 * DAY_MS), "1h",
            "How long neither side of a WebSocket, or of a tunnel of CONNECT, may send anything.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> PROXY_TUNNEL_PING = ConfigKey.single(
            "proxy_tunnel_ping", Scalars.Time.orOff(2 * 3600 * 1000), "off",
            "After how long without a byte the kernel asks both sides of a WebSocket, or of a"
                    + " tunnel of CONNECT, whether they live (TCP keepalive, whole seconds); a side"
                    + " that is silent three times ends it. off asks never.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> PROXY_HEAD_SIZE = ConfigKey.single("proxy_head_size",
            new Scalars.Size(1024, 16 << 10), "16k",
            "The longest head of a peer's answer; a longer one is a 502.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<RetryConfig> PROXY_NEXT_UPSTREAM = ConfigKey.single(
            "proxy_next_upstream", new UpstreamTypes.Retry(false), "error timeout",
            "Which failures try another peer, if nothing was sent yet or the method may be"
                    + " repeated; goes before the upstream's.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Integer> PROXY_NEXT_UPSTREAM_TRIES = ConfigKey.single(
            "proxy_next_upstream_tries", new Scalars.Count(1, 100), "2",
            "How many peers one request may try in all; goes before the upstream's.",
            HTTP, SERVER, LOCATION, STREAM);

    public static final ConfigKey<Boolean> PROXY_INTERCEPT_ERRORS = ConfigKey.single(
            "proxy_intercept_errors", Scalars.FLAG, "off",
            "Whether a peer's answer with a status of 300 or more that an error_page names is"
                    + " replaced by that page; its body is not read, its WWW-Authenticate goes with"
                    + " a 401. Off passes it on as it came.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> PROXY_IGNORE_CLIENT_ABORT = ConfigKey.single(
            "proxy_ignore_client_abort", Scalars.FLAG, "off",
            "Whether a request of HTTP/1 is carried on when its client closes its side of the"
                    + " connection (FIN) while it waits: for a peer or the rest of its answer, in a"
                    + " queue, for a limit, for auth_request or a module. Off takes that for"
                    + " leaving, as a reset always is: status 499, client_closed. What is ready, or"
                    + " comes from a file or a cache, is sent in either case.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<List<String>> EARLY_HINTS = ConfigKey.single("early_hints",
            CacheTypes.CONDITIONS, "1",
            "A peer's 103 (RFC 8297) is passed on when one of these is neither empty nor 0, with"
                    + " its fields but for Set-Cookie; of what is fetched for a cache to all who"
                    + " wait for it. Old clients of HTTP/1.1 may take it for the answer: $http2"
                    + " spares them. It is never stored. A peer may send 16 answers of 1xx before"
                    + " the final one; with more it is given up: upstream_endless_interims.",
            HTTP, SERVER, LOCATION).shows("$http2");

    public static final ConfigKey<PeerConfig> PEER = ConfigKey.list("server", UpstreamTypes.PEER,
            "A peer. After max_fails failures within fail_timeout it rests for fail_timeout; then"
                    + " one request is sent to find out, whose failure is enough. Each rest is"
                    + " longer by fail_timeout than the one before, up to ten times as long; when"
                    + " the peer has served for longer than it rested, the next one is the first"
                    + " again. No more than half of the peers rest at once, one of three, and"
                    + " never the last that can serve. max_fails or max_conns of 0 set no limit."
                    + " backup serves when no other can, drain serves only clients that its"
                    + " sticky cookie brings. slow_start lets its"
                    + " weight grow from nothing when it is new or comes back. With resolve each"
                    + " address of a name is a peer (16, or resolve=N); service=http takes them"
                    + " from SRV records, whose second priority is backup.",
            UPSTREAM).shows("10.0.0.11:8080 weight=3", "unix:/run/app.sock backup");

    public static final ConfigKey<Integer> KEEPALIVE = ConfigKey.single("keepalive",
            new Scalars.Count(0, 100_000, "off", 0), "64",
            "How many idle connections a worker keeps to each peer.", UPSTREAM);

    public static final ConfigKey<Long> KEEPALIVE_TIMEOUT = ConfigKey.single("keepalive_timeout",
            new Scalars.Time(1, DAY_MS), "55s",
            "How long an idle connection to a peer is kept; less than the peer's own timeout.",
            UPSTREAM);

    public static final ConfigKey<Integer> KEEPALIVE_REQUESTS = ConfigKey.single(
            "keepalive_requests",
            new Scalars.Count(1, 1_000_000_000), "10000",
            "The most requests of one connection to a peer.", UPSTREAM);

    public static final ConfigKey<Long> CONNECT_TIMEOUT = ConfigKey.single("connect_timeout",
            new Scalars.Time(1, 3_600_000), "5s", "How long a connection to a peer may take.",
            UPSTREAM);

    public static final ConfigKey<Long> SEND_TIMEOUT = ConfigKey.single("send_timeout",
            new Scalars.Time(1, DAY_MS), "60s", "How long a peer may take nothing of a request.",
            UPSTREAM);

    public static final ConfigKey<Long> READ_TIMEOUT = ConfigKey.single("read_timeout",
            new Scalars.Time(1, DAY_MS), "60s", "How long a peer may send nothing.", UPSTREAM);

    public static final ConfigKey<RetryConfig> RETRY = ConfigKey.single("retry",
            new UpstreamTypes.Retry(true), "error timeout tries=2 budget=20%",
            "Which failures try another peer, if nothing was sent yet or the method may be"
                    + " repeated (RFC 9110 §9.2.2), and how many peers in all. A request with a"
                    + " body is repeated as long as all that has come is still here: with"
                    + " its head up to"
                    + " 64k; of a longer one the beginning is gone once a peer has got it, and also"
                    + " while more than half of slab_count is in use. Retries of the last 10 s may"
                    + " be this share of a worker's requests to the upstream, or 3 a second.",
            UPSTREAM);

    static final List<ConfigKey<?>> ALL = List.of(PEER, KEEPALIVE, KEEPALIVE_TIMEOUT,
            KEEPALIVE_REQUESTS, CONNECT_TIMEOUT, SEND_TIMEOUT, READ_TIMEOUT, RETRY, PROXY_PASS,
            GRPC_PASS,
            PROXY_CONNECT_TIMEOUT, PROXY_SEND_TIMEOUT, PROXY_READ_TIMEOUT, PROXY_TUNNEL_TIMEOUT,
            PROXY_TUNNEL_PING, PROXY_HEAD_SIZE, PROXY_NEXT_UPSTREAM, PROXY_NEXT_UPSTREAM_TRIES,
            PROXY_INTERCEPT_ERRORS, PROXY_IGNORE_CLIENT_ABORT, EARLY_HINTS);

    private ProxyKeys() {
    }
}
