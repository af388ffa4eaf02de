package dev.sluice.common.config;

import java.util.List;

/**
 * What limits the requests of a location: all must let one pass. Written at boot, then read-only.
 */
public record LimitsConfig(List<Rate> rates) {

    public static final LimitsConfig NONE = new LimitsConfig(List.of());

    /**
     * One {@code limit}.
     *
     * @param name of the {@code [limit]} section
     */
    public record Rate(String name, int burst, int delayFrom) {}

    public LimitsConfig {
        rates = List.copyOf(rates);
    }
}
