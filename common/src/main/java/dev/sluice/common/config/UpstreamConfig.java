package dev.sluice.common.config;

import java.util.List;

/**
 * A named group of peers. {@code keepalive} counts idle connections kept per worker and peer;
 * {@code sticky} is null without a cookie, {@code queue} and {@code circuit} without one, {@code
 * healthCheck} where no peer is asked. Written at boot, then read-only.
 */
public record UpstreamConfig(
        SourceLine at,
        String name,
        List<PeerConfig> peers,
        BalanceConfig balance,
        StickyConfig sticky,
        QueueConfig queue,
        CircuitConfig circuit,
        int keepalive,
        long keepaliveTimeoutMs,
        int keepaliveRequests,
        ResolverConfig resolver,
        HealthCheckConfig healthCheck) {

    public UpstreamConfig {
        peers = List.copyOf(peers);
    }
}
