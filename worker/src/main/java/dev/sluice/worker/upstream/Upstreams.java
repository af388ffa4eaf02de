package dev.sluice.worker.upstream;

import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.HealthCheckConfig;
import dev.sluice.common.config.Http2PeerConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ProxyConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.StreamConfig;
import dev.sluice.common.config.TransportConfig;
import dev.sluice.common.config.UpstreamConfig;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.dns.Names;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.tls.TlsClients;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * All upstreams of a worker and what they share.
 *
 * <p>Written at boot, then read-only; the parts belong to the event loop.
 */
public final class Upstreams {

    private final Map<String, Upstream> byName = new LinkedHashMap<>();
    private final Map<TransportConfig, Transport> transports = new HashMap<>();
    private final Transport plain = new Transport(TransportConfig.PLAIN, null);
    private final TlsClients tlsClients;
    private final Connector connector;
    private final Names names;
    private final HealthChecks checks;
    private final ErrorLog log;

    private Upstreams(SluiceConfig config, HandedFiles handed, LoopContext ctx,
            SharedPeers shared, Names names) {
        this.names = names;
        this.log = ctx.log;
        connector = new Connector(ctx);
        tlsClients = new TlsClients(ctx.slabs, handed);
        int peerIndex = 0;
        for (UpstreamConfig one : config.upstreams()) {
            Upstream upstream = new Upstream(one, ctx, peerIndex, shared);
            peerIndex += one.peers().size();
            byName.put(one.name(), upstream);
            for (Peer peer : upstream.peers()) {
                if (peer.config.named() && peer.config.addressesMax() == 0) {
                    names.watch(peer.config.host(), null, one.resolver(),
                            new NamedPeer(ctx, upstream, peer));
                }
            }
            for (PeerPlaces places : upstream.places()) {
                names.watch(places.config.host(), places.config.service(), one.resolver(), places);
            }
        }
        checks = new HealthChecks(ctx, connector, shared, byName.values(),
                upstream -> transport(checked(upstream.config.healthCheck(),
                        firstTransport(config, upstream.name()))));
    }

    /** Start them when the worker is ready, stop them when it drains. */
    public HealthChecks checks() {
        return checks;
    }

    /**
     * Builds all upstreams; opens no socket and resolves no name.
     *
     * @param handed certificates and keys that the configuration names
     */
    public static Upstreams build(
            SluiceConfig config, HandedFiles handed, LoopContext ctx, SharedPeers shared) {
        return new Upstreams(config, handed, ctx, shared, new Names(ctx));
    }

    /** Null when there is none of this name, which the configuration has ruled out. */
    public Upstream upstream(String name) {
        return byName.get(name);
    }

    private static TransportConfig firstTransport(SluiceConfig config, String upstream) {
        return Stream.concat(
                        config.servers().stream().flatMap(server -> server.locations().stream())
                                .map(LocationConfig::proxy),
                        config.streams().stream().map(StreamConfig::proxy))
                .filter(proxy -> proxy != null)
                .flatMap(proxy -> proxy.choice() == null ? Stream.of(proxy)
                        : proxy.choice().choices().stream())
                .filter(proxy -> upstream.equals(proxy.upstream()))
                .map(ProxyConfig::transport).findFirst().orElse(TransportConfig.PLAIN);
    }

    /** A check by gRPC is made by HTTP/2, whatever requests are made by. */
    private static TransportConfig checked(HealthCheckConfig check, TransportConfig by) {
        return check == null || !check.grpc() || by.http2() != null ? by
                : new TransportConfig(by.tls(), by.bindAddress(), 0, by.fastOpen(),
                        new Http2PeerConfig(1, 0));
    }

    /** The one object for connections of this kind: they are kept apart by it. Used at boot. */
    public Transport transport(TransportConfig config) {
        return config.isPlain() ? plain : transports.computeIfAbsent(config, c ->
                new Transport(c, c.tls() == null ? null
                        : tlsClients.of(c.tls(), c.http2() != null)));
    }

    /** Connections from now on use these, where they are all that their settings name. */
    public void renew(HandedFiles handed) {
        tlsClients.renew(handed, log);
    }

    public Connector connector() {
        return connector;
    }

    /** Start them at boot, stop them at the end. */
    public Names names() {
        return names;
    }

    /** Closes the idle connections of all peers: the worker drains. Called on the loop. */
    public void closeIdle() {
        byName.values().forEach(Upstream::closeIdle);
    }
}
