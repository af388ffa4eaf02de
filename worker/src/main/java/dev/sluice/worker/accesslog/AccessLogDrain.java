package dev.sluice.worker.accesslog;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * The writer's side of one access log: from the ring to the file, straight out of the ring's
 * memory.
 *
 * <p>A write that fails loses nothing by itself: the bytes stay in the ring and are tried again
 * each second, and when the ring is full the loop counts the lines it has to drop. A line of
 * which only a part was written is held until its end is written too, so that a reopen in between
 * can write it whole into the new file.
 *
 * <p>Owner: log writer thread.
 */
final class AccessLogDrain implements DrainedLog {
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long REPORT_NS = TimeUnit.MINUTES.toNanos(1);

    private final LogFile file;
    private final ByteRing ring;
    private final int bufferBytes;
    private final long flushNs;
    private final CounterWriter counters;
    private final ErrorLog errorLog;

    /** Up to here bytes are in the file; never before {@link #released}. */
    private long written;

    /** Up to here whole lines are in the file, and the ring's memory was given back. */
    private long released;

    private long lastFlushNs;
    private boolean failing;
    private long retryAtNs;
    private boolean reported;
    private long reportedAtNs;
    private long failures;

    AccessLogDrain(
            LogFile file,
            ByteRing ring,
            int bufferBytes,
            long flushNs,
            CounterWriter counters,
            ErrorLog errorLog,
            long nowNs) {
        this.file = file;
        this.ring = ring;
        this.bufferBytes = bufferBytes;
        this.flushNs = flushNs;
        this.counters = counters;
        this.errorLog = errorLog;
        this.lastFlushNs = nowNs;
    }

    @Override
    public long drain(long nowNs, boolean all) {
        long tail = ring.tail();
        if (tail == written) {
            lastFlushNs = nowNs;
            return nowNs + flushNs;
        }
        if (failing && !all && nowNs - retryAtNs < 0) {
            return retryAtNs;
        }
        boolean due = tail - released >= bufferBytes || nowNs - lastFlushNs >= flushNs;
        if (failing || due || all) {
            write(nowNs, tail);
            lastFlushNs = nowNs;
        }
        return failing ? retryAtNs : lastFlushNs + flushNs;
    }

    @Override
    public boolean urgent(long nowNs) {
        long pending = ring.tail() - released;
        return !failing && pending > 0 && pending >= bufferBytes;
    }

    private void write(long nowNs, long tail) {
        while (written != tail) {
            ByteBuffer range = ring.range(written, tail);
            if (!range.hasRemaining()) {
                written = ring.nextLap(written);
                continue;
            }
            int from = range.position();
            try {
                written += file.write(range);
            } catch (IOException e) {
                failed(nowNs, e);
                return;
            }
            release(range, from);
        }
        if (failing) {
            failing = false;
            errorLog.log(Level.NOTICE, "access log \"" + file.path() + "\" is written again");
        }
    }

    /** Gives memory back up to the last line end that is in the file. */
    private void release(ByteBuffer range, int from) {
        int at = range.position();
        int end = at;
        if (range.hasRemaining()) {
            while (end > from && range.get(end - 1) != '\n') {
                end--;
            }
        }
        if (end > from) {
            released = written - (at - end);
            ring.release(released);
        }
    }

    private void failed(long nowNs, IOException e) {
        failing = true;
        failures++;
        retryAtNs = nowNs + RETRY_NS;
        counters.add(CounterId.LOG_WRITE_ERRORS, 1);
        if (!reported || nowNs - reportedAtNs >= REPORT_NS) {
            reported = true;
            reportedAtNs = nowNs;
            errorLog.log(
                    Level.ERROR,
                    "cannot write access log \""
                            + file.path()
                            + "\": "
                            + LogFile.reason(e)
                            + " ("
                            + failures
                            + " failed writes so far; lines are dropped when the buffer is full)");
        }
    }

    @Override
    public void reopen(long nowNs) {
        write(nowNs, ring.tail());
        try {
            if (!file.reopen()) {
                errorLog.log(
                        Level.WARN,
                        "closing the old file of access log \"" + file.path() + "\" failed");
            }
            written = released;
            failing = false;
        } catch (IOException e) {
            errorLog.log(
                    Level.ERROR,
                    "cannot reopen access log \""
                            + file.path()
                            + "\": "
                            + LogFile.reason(e)
                            + "; the old file stays in use");
        }
    }

    @Override
    public void close() {
        long lost = ring.tail() - written;
        if (lost > 0) {
            errorLog.log(
                    Level.ERROR,
                    lost + " bytes of access log \"" + file.path() + "\" could not be written");
        }
        try {
            file.close();
        } catch (IOException e) {
            errorLog.log(Level.ERROR, "cannot close access log: " + LogFile.reason(e));
        }
    }
}
