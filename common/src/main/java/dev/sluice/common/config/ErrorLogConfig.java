package dev.sluice.common.config;

/**
 * Where errors go. The path is absolute or the word {@code stderr}; the level is one of {@code
 * debug info notice warn error}. Written at boot, then read-only.
 */
public record ErrorLogConfig(String path, String level) {
}
