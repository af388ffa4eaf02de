package dev.sluice.common.config;

import java.util.List;

/**
 * What limits the requests of a location: all must let one pass. Written at boot, then read-only.
 *
 * @param bytesPerSecond how fast an answer may be sent; 0 has no limit
 * @param bytesBefore how much of it is sent before that counts
 */
public record LimitsConfig(List<Rate> rates, long bytesPerSecond, long bytesBefore) {

    public static final LimitsConfig NONE = new LimitsConfig(List.of(), 0, 0);

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
