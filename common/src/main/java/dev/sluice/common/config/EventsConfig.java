package dev.sluice.common.config;

import java.util.List;

/**
 * The event loop of a worker: {@code [events]}; of clients in {@code debugClients} each step is
 * logged. Written at boot, then read-only.
 */
public record EventsConfig(String use, int workerConnections, int multiAccept,
        List<String> debugClients) {

    public EventsConfig {
        debugClients = List.copyOf(debugClients);
    }
}
