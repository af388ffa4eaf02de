package dev.sluice.common.config;

/**
 * Where requests wait while every peer is at its max_conns: this many per worker at most, each no
 * longer than this. Written at boot, then read-only.
 */
public record QueueConfig(int requestsMax, long timeoutMs) {
}
