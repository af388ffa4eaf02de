package dev.sluice.worker.proxy;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ProxyConfig;
import dev.sluice.worker.exchange.Conditions;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.upstream.Transport;
import dev.sluice.worker.upstream.TriedPeers;
import dev.sluice.worker.upstream.Upstream;
import java.util.List;

/**
 * Answers a location's requests by passing them to an upstream: everything its configuration says
 * about that, compiled.
 *
 * <p>Written at boot, then read-only.
 */
public final class ProxyHandler implements ContentHandler {

    private static final long MS_PER_S = 1000;
    private static final long NS_PER_MS = 1_000_000L;
    private static final List<String> ALWAYS = List.of("1");
    private static final String UNIX = "unix:";
    private static final String HTTPS_PORT = ":443";

    final Upstream upstream;
    final Transport transport;
    final RequestTarget target;
    final HeaderRewrite headers;
    final ResponseHeaders responseHeaders;
    final RetryRule retry;
    /** What the upstream balances by; null when that is nothing of the request. */
    final BalanceKey key;
    /** Null when the upstream has none. */
    final StickyCookie sticky;
    /** Whether calls of gRPC are forwarded. */
    final boolean grpc;
    /** Whether a peer's error is answered with the location's own page. */
    final boolean interceptsErrors;
    /** When a peer's 103 is passed on; null for always. */
    private final Conditions hints;
    final long connectTimeoutNs;
    final long sendTimeoutNs;
    final long readTimeoutNs;
    final long tunnelTimeoutNs;
    /** 0 for never. */
    final int tunnelPingS;
    private final ProxyExchangePool pool;

    ProxyHandler(LocationConfig location, Upstream upstream, Transport transport,
            TemplateCompiler templates, HeaderPlans plans, ProxyExchangePool pool) {
        ProxyConfig config = location.proxy();
        this.upstream = upstream;
        this.transport = transport;
        this.pool = pool;
        String proxyHost = proxyHost(config);
        target = new RequestTarget(location);
        headers = plans.of(location, proxyHost).request();
        responseHeaders = plans.response();
        key = BalanceKey.of(upstream.config.balance(), templates);
        sticky = upstream.config.sticky() == null ? null : new StickyCookie(upstream);
        retry = new RetryRule(config.retry(), TriedPeers.MAX);
        grpc = config.grpc();
        interceptsErrors = config.interceptsErrors();
        hints = config.earlyHints().equals(ALWAYS) ? null
                : new Conditions(config.earlyHints(), templates::compile);
        connectTimeoutNs = config.connectTimeoutMs() * NS_PER_MS;
        sendTimeoutNs = config.sendTimeoutMs() * NS_PER_MS;
        readTimeoutNs = config.readTimeoutMs() * NS_PER_MS;
        tunnelTimeoutNs = config.tunnelTimeoutMs() * NS_PER_MS;
        tunnelPingS = (int) Math.ceilDiv(config.tunnelPingMs(), MS_PER_S);
    }

    /**
     * {@code $proxy_host}: a path of a unix socket is no host name, nginx says localhost; the port
     * that https has anyway is left out (RFC 9110 §4.2.2).
     */
    static String proxyHost(ProxyConfig config) {
        String name = config.upstream();
        if (name.startsWith(UNIX)) {
            return "localhost";
        }
        boolean usualPort = config.transport().tls() != null && name.endsWith(HTTPS_PORT);
        return usualPort ? name.substring(0, name.length() - HTTPS_PORT.length()) : name;
    }

    boolean passesHints(Exchange x) {
        return hints == null || hints.anyHolds(x);
    }

    @Override
    public void handle(Exchange x) {
        pool.take().start(x, this);
    }
}
