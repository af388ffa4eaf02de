package dev.sluice.worker.tunnel;

import dev.sluice.common.config.ConnectConfig;
import dev.sluice.common.config.ResolverConfig;
import dev.sluice.worker.upstream.Transport;

/** What a location says of its tunnels, compiled. Written at boot, then read-only. */
final class TunnelPlan {

    private static final long MS_PER_S = 1000;
    private static final long NS_PER_MS = 1_000_000L;

    final Tunnels shared;
    final AllowedTargets targets;
    final Transport transport;
    final ResolverConfig resolver;
    final long connectTimeoutNs;
    final long idleTimeoutNs;
    /** 0 for never. */
    final int pingS;

    TunnelPlan(Tunnels shared, ConnectConfig config, Transport transport) {
        this.shared = shared;
        this.transport = transport;
        targets = new AllowedTargets(config.targets());
        resolver = config.resolver();
        connectTimeoutNs = config.connectTimeoutMs() * NS_PER_MS;
        idleTimeoutNs = config.tunnelTimeoutMs() * NS_PER_MS;
        pingS = (int) Math.ceilDiv(config.tunnelPingMs(), MS_PER_S);
    }
}
