package dev.sluice.common.config;

/**
 * One {@code key = value} as written, without its comment. The value is null when there was no
 * {@code =}. Written at boot, then read-only.
 */
record IniEntry(String key, String value, SourceLine at) {
}
