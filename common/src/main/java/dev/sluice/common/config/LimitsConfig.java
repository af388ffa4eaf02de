package dev.sluice.common.config;

import java.util.List;

/**
 * What limits the requests of a location: all must let one pass; and how fast it is answered.
 * Written at boot, then read-only.
 */
public record LimitsConfig(
        List<Rate> rates, List<Connections> connections, Bandwidth bandwidth) {

    public static final LimitsConfig NONE = new LimitsConfig(List.of(), List.of(), Bandwidth.OFF);

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

    /**
     * How fast an answer is sent.
     *
     * @param rate bytes a second; 0 as fast as the client takes it
     * @param after bytes of an answer that are not slowed down
     */
    public record Bandwidth(SizeText rate, SizeText after) {

        public static final Bandwidth OFF = new Bandwidth(SizeText.ZERO, SizeText.ZERO);
    }

    public LimitsConfig {
        rates = List.copyOf(rates);
        connections = List.copyOf(connections);
    }
}
