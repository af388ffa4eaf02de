package dev.sluice.common.config;

/**
 * When an upstream is left alone: after so many failures in a row, of all workers, nothing is sent
 * to it for this long. Written at boot, then read-only.
 */
public record CircuitConfig(int failures, long openMs) {
}
