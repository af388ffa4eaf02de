package dev.sluice.common.config;

/**
 * When the master puts log files aside, and how many it keeps. Written at boot, then read-only.
 *
 * @param sizeBytes from this size on, 0 for any size
 * @param everyMs at the ends of periods of this length, counted from midnight, 0 for never
 * @param keep how many old files of each log stay, the newest has .1 behind its name
 */
public record LogRotateConfig(long sizeBytes, long everyMs, int keep) {
}
