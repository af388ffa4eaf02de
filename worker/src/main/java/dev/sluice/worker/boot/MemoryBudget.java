package dev.sluice.worker.boot;

import dev.sluice.common.config.CacheConfig;
import dev.sluice.common.config.CodingConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.flight.FlightFile;
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
        long connectionBytes, long cacheBytes, long codingBytes, long codedBytes,
        long flightBytes) {

    /** Heap and native bytes of one idle connection, measured; see the benchmark. */
    private static final long CONNECTION_BYTES = 320;
    /** What an answer that is compressed or unpacked holds beside the state of its coding. */
    private static final long CODER_BYTES = 64 * 1024;
    /** Of zlib (deflateInit2), with its largest window. */
    private static final long GZIP_BYTES = 260 * 1024;
    /** Of brotli and Zstandard at the highest of the levels that can be configured. */
    private static final long OTHER_CODING_BYTES = 3 * 1024 * 1024;

    static MemoryBudget of(SluiceConfig config, WorkerLogs logs) {
        long caches = 0;
        for (CacheConfig cache : config.caches()) {
            caches += cache.memory();
        }
        return new MemoryBudget(
                (long) config.http().slabCountMax() * Slab.BYTES,
                logs.ringBytesSum(),
                config.http().openFileCacheMax() > 0 ? StaticFiles.CONTENT_BYTES_MAX : 0,
                config.events().workerConnections() * CONNECTION_BYTES,
                caches, config.http().codingsMax() * coderBytes(config),
                coderBytes(config) > 0 ? config.http().codedBytes() : 0,
                (long) config.main().flightRecords() * FlightFile.RECORD_BYTES);
    }

    /** The most that one coder takes; 0 where answers stay as they are. */
    private static long coderBytes(SluiceConfig config) {
        long most = 0;
        for (ServerConfig server : config.servers()) {
            most = Math.max(most, coderBytes(server.fallback()));
            for (LocationConfig location : server.locations()) {
                most = Math.max(most, coderBytes(location));
            }
        }
        return most;
    }

    private static long coderBytes(LocationConfig location) {
        CodingConfig coding = location.coding();
        if (coding == null) {
            return 0;
        }
        return CODER_BYTES + (coding.brotliLevel() > 0 || coding.zstdLevel() > 0
                ? OTHER_CODING_BYTES : GZIP_BYTES);
    }

    long sumBytes() {
        return slabBytes + logRingBytes + fileContentBytes + connectionBytes + cacheBytes
                + codingBytes + codedBytes + flightBytes;
    }

    void log(ErrorLog log) {
        if (log.enabled(Level.INFO)) {
            line(log, "slabs for busy connections", slabBytes);
            line(log, "access log rings", logRingBytes);
            line(log, "contents of small files", fileContentBytes);
            line(log, "connections", connectionBytes);
            if (cacheBytes > 0) {
                line(log, "cached answers", cacheBytes);
            }
            if (codingBytes > 0) {
                line(log, "answers that are compressed", codingBytes);
                line(log, "answers that have been compressed", codedBytes);
            }
            if (flightBytes > 0) {
                line(log, "records of the last requests", flightBytes);
            }
            line(log, "all of these", sumBytes());
        }
    }

    private static void line(ErrorLog log, String what, long bytes) {
        log.log(Level.INFO, "memory limit: " + bytes / 1024 + " KiB for " + what);
    }
}
