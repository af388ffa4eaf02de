package dev.sluice.worker.accesslog;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.AccessLogConfig;
import dev.sluice.common.config.ErrorLogConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.StreamConfig;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLineFormat;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * All logs of a worker: the error log, one access log for each distinct path of the
 * configuration, and the thread that writes them.
 *
 * <p>Opened at boot, then read-only itself.
 */
public final class WorkerLogs {
    /** Default memory of one access log between the loop and the disk: some 5000 lines. */
    static final int RING_BYTES = 1 << 20;

    /** Memory of an access log whose lines nobody keeps. */
    private static final int DISCARDED_RING_BYTES = 64 << 10;

    /** The longest buffer the configuration can ask for without a ring out of proportion. */
    static final int BUFFER_BYTES_MAX = 64 << 20;

    private final LogWriter writer;
    private final ErrorLog errorLog;
    private final Map<String, AccessLog> accessLogs = new LinkedHashMap<>();
    private final int ringBytesSum;

    private WorkerLogs(
            ErrorLogConfig error,
            List<AccessLogConfig> access,
            CounterWriter counters,
            Clock clock,
            ErrorLineFormat format,
            int ringBytesMin)
            throws IOException {
        writer = new LogWriter(clock);
        AsyncErrorLog log = new AsyncErrorLog(Level.of(error.level()), clock,
                format.in(error.path(), error.json()), writer);
        errorLog = log;
        int sum = 0;
        // The error log is drained last, so that it says in the same turn what the others met.
        DrainedLog errorDrain = log.drainTo(
                open("error log", error.path(), LogFile::ofErrors), counters);
        for (AccessLogConfig c : access) {
            if (accessLogs.containsKey(c.path())) {
                continue;
            }
            LogFile file = open("access log", c.path(), LogFile::new);
            int bufferBytes = Math.clamp(c.bufferBytes(), 0, BUFFER_BYTES_MAX);
            ByteRing ring = new ByteRing(ringBytes(bufferBytes, ringBytesMin));
            sum += ringBytes(bufferBytes, ringBytesMin);
            accessLogs.put(
                    c.path(), new AccessLog(c.path(), ring, bufferBytes, counters, writer));
            long flushNs = TimeUnit.MILLISECONDS.toNanos(c.flushMs());
            writer.add(
                    new AccessLogDrain(
                            file, ring, bufferBytes, flushNs, counters, log, clock.nowNs()));
        }
        writer.add(errorDrain);
        ringBytesSum = sum;
    }

    private interface FileMaker {
        LogFile open(String path) throws IOException;
    }

    private static LogFile open(String what, String path, FileMaker maker) throws IOException {
        try {
            return maker.open(path);
        } catch (IOException e) {
            throw new IOException(
                    "cannot open " + what + " \"" + path + "\": " + LogFile.reason(e), e);
        }
    }

    /** At least four buffers, so that the loop goes on while one of them is written. */
    private static int ringBytes(int bufferBytes, int least) {
        return Math.max(least, Integer.highestOneBit(Math.max(1, bufferBytes)) << 3);
    }

    /**
     * Opens the logs of a configuration and starts the thread. The first of several entries with
     * the same path decides about its buffer.
     *
     * @param slot of this worker, shown in each error line
     * @throws IOException with the path and the reason; nothing was started
     */
    public static WorkerLogs open(
            SluiceConfig config, CounterWriter counters, Clock clock, int slot)
            throws IOException {
        return started(config, counters, clock, slot, RING_BYTES);
    }

    /**
     * As {@link #open}, with little memory: for logs to {@code /dev/null}, where a lost line is
     * none.
     */
    public static WorkerLogs discarding(
            SluiceConfig config, CounterWriter counters, Clock clock, int slot)
            throws IOException {
        return started(config, counters, clock, slot, DISCARDED_RING_BYTES);
    }

    private static WorkerLogs started(
            SluiceConfig config, CounterWriter counters, Clock clock, int slot, int ringBytes)
            throws IOException {
        WorkerLogs logs =
                new WorkerLogs(
                        config.main().errorLog(),
                        accessLogsOf(config),
                        counters,
                        clock,
                        ErrorLineFormat.ofThisProcess(slot),
                        ringBytes);
        logs.writer.start();
        return logs;
    }

    /** Without a thread: tests call {@link LogWriter#turn}. */
    static WorkerLogs notStarted(
            ErrorLogConfig error,
            List<AccessLogConfig> access,
            CounterWriter counters,
            Clock clock,
            ErrorLineFormat format)
            throws IOException {
        return new WorkerLogs(error, access, counters, clock, format, RING_BYTES);
    }

    private static List<AccessLogConfig> accessLogsOf(SluiceConfig config) {
        List<AccessLogConfig> all = new ArrayList<>();
        for (ServerConfig server : config.servers()) {
            all.addAll(server.fallback().accessLogs());
            for (LocationConfig location : server.locations()) {
                all.addAll(location.accessLogs());
            }
        }
        for (StreamConfig stream : config.streams()) {
            all.addAll(stream.accessLogs());
        }
        return all;
    }

    public ErrorLog errorLog() {
        return errorLog;
    }

    /** The access log of a path of the configuration; null for a path that is not in it. */
    public AccessLog accessLog(String path) {
        return accessLogs.get(path);
    }

    /** Memory of all rings in bytes, for the sum of limits that a worker prints at start. */
    public int ringBytesSum() {
        return ringBytesSum;
    }

    LogWriter writer() {
        return writer;
    }

    /**
     * Opens all files anew, as after a rotation. Returns at once.
     *
     * @param whenDone runs on the log writer thread when the old files are closed
     */
    public void reopen(Runnable whenDone) {
        writer.reopen(whenDone);
    }

    /** Writes what is left and ends the thread; false when the disk did not take it in 5 s. */
    public boolean close() {
        return writer.close();
    }
}
