package dev.sluice.common.config;

/**
 * One access log. The path is absolute or the word {@code stderr}; the format is a name in the
 * list of log formats, where {@code combined} always is. Written at boot, then read-only.
 */
public record AccessLogConfig(String path, String format, int bufferBytes, long flushMs) {
}
