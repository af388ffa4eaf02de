package dev.sluice.common.config;

/**
 * Processes and their files: {@code [main]}. An empty user keeps the user of the start; a shutdown
 * timeout of 0 waits for ever, a canary or a warm-up of 0 is none, as is a flight recorder of 0
 * records (a power of two) and its dump at 0 errors; {@code logRotate} is null where
 * something else rotates. Written at boot, then read-only.
 */
public record MainConfig(
        String user,
        int workers,
        boolean workerCpuAffinity,
        long workerShutdownTimeoutMs,
        long workerStallTimeoutMs,
        int maxGenerations,
        String runDirectory,
        String pidFile,
        ErrorLogConfig errorLog,
        LogRotateConfig logRotate,
        long canaryMs,
        long warmupMs,
        int flightRecords,
        int flightErrors) {
}
