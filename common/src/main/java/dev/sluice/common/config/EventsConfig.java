package dev.sluice.common.config;

/**
 * The event loop of a worker: {@code [events]}. Written at boot, then read-only.
 */
public record EventsConfig(String use, int workerConnections, int multiAccept) {
}
