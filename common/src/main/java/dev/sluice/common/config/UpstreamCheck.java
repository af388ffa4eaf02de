package dev.sluice.common.config;

import dev.sluice.common.config.UpstreamTypes.ProxyPass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The upstreams: those of {@code [upstream X]}, and one for every address that a proxy_pass names
 * directly, made when it is first met. Owner: the loading thread.
 */
final class UpstreamCheck {

    private final Problems problems;
    private final Scope http;
    private final TransportCheck transports;
    private final HeadersCheck headers;
    private final CacheCheck caches;
    private final Map<String, UpstreamConfig> upstreams = new LinkedHashMap<>();
    private final Map<String, Scope> scopes = new LinkedHashMap<>();
    /** By the text of proxy_pass: locations that say no more of it share what it means. */
    private final Inherited<Map<String, ProxyConfig>> inherited;
    /** Names of the [upstream] sections, in the order of the file. */
    private final List<String> defined = new ArrayList<>();

    UpstreamCheck(Problems problems, Scope http, HeadersCheck headers, CacheCheck caches,
            HandedFiles files) {
        this.problems = problems;
        this.http = http;
        this.headers = headers;
        this.caches = caches;
        this.transports = new TransportCheck(problems, files);
        List<ConfigKey<?>> keys = new ArrayList<>(HeadersCheck.keys());
        keys.addAll(TransportKeys.ALL);
        keys.addAll(CacheKeys.OF_LOCATIONS);
        for (ConfigKey<?> key : ProxyKeys.ALL) {
            if (key != ProxyKeys.PROXY_PASS && key != ProxyKeys.GRPC_PASS) {
                keys.add(key);
            }
        }
        this.inherited = new Inherited<>(keys);
    }

    void add(Scope scope) {
        List<PeerConfig> peers = scope.ownValues(ProxyKeys.PEER);
        if (!scope.has(ProxyKeys.PEER)) {
            problems.error(scope.at, scope.title() + " has no peer",
                    "add server = HOST:PORT");
        } else if (!peers.isEmpty() && peers.stream().allMatch(PeerConfig::backup)) {
            problems.error(scope.at, scope.title() + " has only backup peers",
                    "take \"backup\" from one of them");
        }
        checkTwice(scope, peers);
        upstreams.put(scope.name, upstream(scope, scope.name, peers));
        scopes.put(scope.name, scope);
        defined.add(scope.name);
    }

    private void checkTwice(Scope scope, List<PeerConfig> peers) {
        Map<String, PeerConfig> byText = new LinkedHashMap<>();
        for (PeerConfig peer : peers) {
            PeerConfig first = byText.putIfAbsent(peer.text(), peer);
            if (first != null) {
                problems.error(peer.at(), "the peer \"" + peer.text() + "\" is twice in "
                        + scope.title() + ", first at " + first.at(),
                        "give it a weight instead");
            }
        }
    }

    /** The name of the upstream a proxy_pass means; null after an error. */
    private String resolve(ProxyPass pass, SourceLine at) {
        if (upstreams.containsKey(pass.target())) {
            return pass.target();
        }
        if (pass.looksLikeUpstream()) {
            String nearest = Spelling.nearest(pass.target(), scopes.keySet());
            problems.error(at, "unknown upstream \"" + pass.target() + "\"", nearest == null
                    ? "add [upstream " + pass.target() + "], or a port if it is a host: http://"
                            + pass.target() + ":80"
                    : "did you mean \"" + nearest + "\"?");
            return null;
        }
        String name = pass.directName();
        if (!upstreams.containsKey(name)) {
            Scope defaults = new Scope(SectionKind.UPSTREAM, name, at, http.defaults);
            upstreams.put(name, upstream(defaults, name, List.of(pass.peer(at))));
            scopes.put(name, defaults);
        }
        return name;
    }

    private UpstreamConfig upstream(Scope scope, String name, List<PeerConfig> peers) {
        return new UpstreamConfig(scope.at, name, peers,
                scope.value(BalanceKeys.BALANCE),
                sticky(scope), queue(scope), circuit(scope),
                scope.value(ProxyKeys.KEEPALIVE),
                scope.value(ProxyKeys.KEEPALIVE_TIMEOUT),
                scope.value(ProxyKeys.KEEPALIVE_REQUESTS),
                resolver(scope),
                scope.value(UpstreamKeys.HEALTH_CHECK));
    }

    private ResolverConfig resolver(Scope scope) {
        ResolverConfig own = scope.given(UpstreamKeys.RESOLVER);
        ResolverConfig all = own == null ? http.given(UpstreamKeys.RESOLVER) : own;
        return all == null ? ResolverConfig.SYSTEM : all;
    }

    private static QueueConfig queue(Scope scope) {
        QueueConfig queue = scope.value(BalanceKeys.QUEUE);
        return queue == BalanceTypes.NO_QUEUE ? null : queue;
    }

    private static CircuitConfig circuit(Scope scope) {
        CircuitConfig circuit = scope.value(BalanceKeys.CIRCUIT);
        return circuit == BalanceTypes.NO_CIRCUIT ? null : circuit;
    }

    private static StickyConfig sticky(Scope scope) {
        StickyConfig sticky = scope.value(BalanceKeys.STICKY);
        return sticky == BalanceTypes.NO_STICKY ? null : sticky;
    }

    /**
     * How a location forwards: its own settings, else its upstream's, else the defaults. Null
     * after an error.
     */
    ProxyConfig proxy(Scope location, Setting<ProxyPass> pass) {
        Map<String, ProxyConfig> same = inherited.of(location);
        if (same == null) {
            same = inherited.keep(location, new HashMap<>());
        }
        ProxyConfig known = same.get(pass.value().text());
        if (known == null) {
            SourceLine at = pass.value().at();
            known = pass.parsed().isChosen() ? choosing(location, pass.parsed(), at)
                    : fixed(location, pass.parsed(), at);
            if (known != null) {
                same.put(pass.value().text(), known);
            }
        }
        return known;
    }

    /** The same for a stream. Null after an error. */
    ProxyConfig stream(Scope stream, ProxyPass pass, SourceLine at) {
        return pass.isChosen() ? choosing(stream, pass, at) : fixed(stream, pass, at);
    }

    /** Null for an upstream that is only the address of a proxy_pass. */
    UpstreamConfig defined(String name) {
        return defined.contains(name) ? upstreams.get(name) : null;
    }

    /** What the file says of it; null for an upstream that is only the address of a proxy_pass. */
    Scope scope(String name) {
        return defined.contains(name) ? scopes.get(name) : null;
    }

    private ProxyConfig fixed(Scope location, ProxyPass pass, SourceLine at) {
        String upstream = resolve(pass, at);
        return upstream == null ? null : proxy(location, pass, at, upstream, null);
    }

    private ProxyConfig proxy(Scope location, ProxyPass pass, SourceLine at, String upstream,
            ProxyChoiceConfig choice) {
        Scope from = scopes.get(upstream);
        return new ProxyConfig(upstream, pass.uri(),
                headers.proxy(location),
                millis(location, ProxyKeys.PROXY_CONNECT_TIMEOUT, from, ProxyKeys.CONNECT_TIMEOUT),
                millis(location, ProxyKeys.PROXY_SEND_TIMEOUT, from, ProxyKeys.SEND_TIMEOUT),
                millis(location, ProxyKeys.PROXY_READ_TIMEOUT, from, ProxyKeys.READ_TIMEOUT),
                location.value(ProxyKeys.PROXY_TUNNEL_TIMEOUT),
                location.value(ProxyKeys.PROXY_TUNNEL_PING),
                location.value(ProxyKeys.PROXY_HEAD_SIZE).intValue(),
                retry(location, from),
                transports.check(location, pass, at, upstreams.get(upstream).peers(), from),
                choice,
                location.has(ProxyKeys.GRPC_PASS),
                location.value(ProxyKeys.PROXY_INTERCEPT_ERRORS),
                location.value(ProxyKeys.EARLY_HINTS),
                location.kind == SectionKind.STREAM || location.has(ProxyKeys.GRPC_PASS)
                        ? null : caches.check(location));
    }

    /**
     * How a location forwards whose requests choose the upstream: only what the file defines can
     * be chosen, so that no client names a host. Null after an error.
     */
    private ProxyConfig choosing(Scope location, ProxyPass pass, SourceLine at) {
        if (defined.isEmpty()) {
            problems.error(at, "\"proxy_pass\": there is no upstream that \"" + pass.target()
                    + "\" could name", "add [upstream NAME]");
            return null;
        }
        List<ProxyConfig> choices = defined.stream()
                .map(name -> proxy(location, pass, at, name, null)).toList();
        return proxy(location, pass, at, defined.getFirst(),
                new ProxyChoiceConfig(pass.target(), choices));
    }

    private static long millis(
            Scope location, ConfigKey<Long> key, Scope upstream, ConfigKey<Long> upstreamKey) {
        Long given = location.given(key);
        return given == null ? upstream.value(upstreamKey) : given;
    }

    private static RetryConfig retry(Scope location, Scope upstream) {
        RetryConfig on = location.given(ProxyKeys.PROXY_NEXT_UPSTREAM);
        RetryConfig upstreamRetry = upstream.value(ProxyKeys.RETRY);
        Integer tries = location.given(ProxyKeys.PROXY_NEXT_UPSTREAM_TRIES);
        if (tries == null) {
            boolean unset = upstreamRetry.tries() == UpstreamTypes.TRIES_UNSET;
            tries = unset ? location.value(ProxyKeys.PROXY_NEXT_UPSTREAM_TRIES)
                    : upstreamRetry.tries();
        }
        return new RetryConfig(on == null ? upstreamRetry.on() : on.on(), tries,
                upstreamRetry.budgetPercent());
    }

    List<UpstreamConfig> all() {
        return List.copyOf(upstreams.values());
    }
}
