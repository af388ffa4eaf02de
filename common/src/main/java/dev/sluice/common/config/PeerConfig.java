package dev.sluice.common.config;

/**
 * One address of an upstream. The text, as written, is its label in logs and metrics. Either host
 * and port are set or unixPath; maxFails 0 never counts failures, maxConns 0 sets no
 * limit, slowStartMs 0 gives the whole weight at once.
 * Written at boot, then read-only.
 */
public record PeerConfig(
        SourceLine at,
        String text,
        String host,
        int port,
        String unixPath,
        int weight,
        int maxFails,
        long failTimeoutMs,
        int maxConns,
        boolean backup,
        boolean down,
        long slowStartMs,
        boolean drain) {
}
