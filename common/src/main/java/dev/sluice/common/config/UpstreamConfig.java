package dev.sluice.common.config;

import java.util.List;

/**
 * A named group of peers. {@code keepalive} counts idle connections kept per worker and peer.
 * Written at boot, then read-only.
 */
public record UpstreamConfig(
        SourceLine at,
        String name,
        List<PeerConfig> peers,
        Balance balance,
        int keepalive,
        long keepaliveTimeoutMs,
        int keepaliveRequests) {

    public UpstreamConfig {
        peers = List.copyOf(peers);
    }

    /** How the next peer is chosen. */
    public enum Balance { ROUND_ROBIN, LEAST_CONN }
}
