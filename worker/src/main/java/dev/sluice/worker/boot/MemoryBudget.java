package dev.sluice.worker.boot;

import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.worker.accesslog.WorkerLogs;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.statics.StaticFiles;

/**
 * The most memory that each of the worker's users may take, in bytes: what the limits of the
 * configuration add up to. The Java heap comes on top and is bounded by its own flag.
 */
record MemoryBudget(long slabBytes, long logRingBytes, long fileContentBytes,
        long connectionBytes) {

    /** Heap and native bytes of one idle connection, measured; see the benchmark. */
    private static final long CONNECTION_BYTES = 320;

    static MemoryBudget of(SluiceConfig config, WorkerLogs logs) {
        return new MemoryBudget(
                (long) config.http().slabCountMax() * Slab.BYTES,
                logs.ringBytesSum(),
                config.http().openFileCacheMax() > 0 ? StaticFiles.CONTENT_BYTES_MAX : 0,
                config.events().workerConnections() * CONNECTION_BYTES);
    }

    long sumBytes() {
        return slabBytes + logRingBytes + fileContentBytes + connectionBytes;
    }

    void log(ErrorLog log) {
        if (log.enabled(Level.INFO)) {
            line(log, "slabs for busy connections", slabBytes);
            line(log, "access log rings", logRingBytes);
            line(log, "contents of small files", fileContentBytes);
            line(log, "connections", connectionBytes);
            line(log, "all of these", sumBytes());
        }
    }

    private static void line(ErrorLog log, String what, long bytes) {
        log.log(Level.INFO, "memory limit: " + bytes / 1024 + " KiB for " + what);
    }
}
