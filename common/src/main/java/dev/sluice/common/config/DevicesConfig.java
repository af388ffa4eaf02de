package dev.sluice.common.config;

/**
 * Which devices may come, by their LFDI: absolute paths of files that name them, of which one may
 * be null. Written at boot, then read-only.
 *
 * @param allow those who may; null for everybody
 * @param deny those who may not; null for nobody
 */
public record DevicesConfig(String allow, String deny) {
}
