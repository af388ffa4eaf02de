package dev.sluice.common.config;

import java.util.List;

/**
 * What limits the requests of a location: all must let one pass. Written at boot, then read-only.
 */
public record LimitsConfig(List<Rate> rates, List<Connections> connections) {

    public static final LimitsConfig NONE = new LimitsConfig(List.of(), List.of());

    /**
     * One {@code limit} of a rate.
     *
     * @param name of the {@code [limit]} section
     */
    public record Rate(String name, int burst, int delayFrom) {}

    /**
     * One {@code limit} of requests in progress.
     *
     * @param name of the {@code [limit]} section
     */
    public record Connections(String name, int most) {}

    public LimitsConfig {
        rates = List.copyOf(rates);
        connections = List.copyOf(connections);
    }
}
