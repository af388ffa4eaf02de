package dev.sluice.common.config;

/**
 * A named access log line. {@code escape} is {@code default}, {@code json} or {@code none}.
 * Written at boot, then read-only.
 */
public record LogFormatConfig(String name, String format, String escape) {
}
