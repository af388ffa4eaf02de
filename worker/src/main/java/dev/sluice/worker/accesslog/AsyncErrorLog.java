package dev.sluice.worker.accesslog;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLineFormat;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The error log of a worker: {@code log} puts the line into a queue bounded in characters and
 * wakes the log writer thread. When the queue is full the line is dropped, and how many were is
 * said as soon as lines can be written again.
 *
 * <p>Memory order: the queue hands lines over; the two counts are atomic. Any thread may log.
 */
public final class AsyncErrorLog implements ErrorLog {
    /** Bounds the memory of lines that wait for the disk: 1 MiB of text, each line at least 64. */
    static final long QUEUED_CHARS_MAX = 1 << 20;

    private static final int LINE_CHARS_MIN = 64;
    private static final int BATCH_BYTES = 64 << 10;
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long REPORT_NS = TimeUnit.MINUTES.toNanos(1);

    private final Level least;
    private final Clock clock;
    private final ErrorLineFormat format;
    private final LogWriter writer;
    private final ConcurrentLinkedQueue<Line> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedChars = new AtomicLong();
    private final AtomicLong lostLines = new AtomicLong();

    AsyncErrorLog(Level least, Clock clock, ErrorLineFormat format, LogWriter writer) {
        this.least = least;
        this.clock = clock;
        this.format = format;
        this.writer = writer;
    }

    @Override
    public boolean enabled(Level level) {
        return level.reaches(least);
    }

    @Override
    public void log(Level level, String line) {
        if (enabled(level)) {
            logAlways(level, line);
        }
    }

    @Override
    public void logAlways(Level level, String line) {
        int cost = cost(line);
        if (queuedChars.addAndGet(cost) > QUEUED_CHARS_MAX) {
            queuedChars.addAndGet(-cost);
            lostLines.incrementAndGet();
            return;
        }
        queue.add(new Line(level, clock.nowMs(), line));
        writer.wake();
    }

    private static int cost(String line) {
        return line.length() + LINE_CHARS_MIN;
    }

    @Override
    public void reopen() {
        writer.reopen(() -> {});
    }

    /** The side of the log writer thread, for a file that is open already. */
    DrainedLog drainTo(LogFile file, CounterWriter counters) {
        return new Drain(file, counters);
    }

    private record Line(Level level, long nowMs, String message) {}

    /** Owner: log writer thread. */
    private final class Drain implements DrainedLog {
        private final LogFile file;
        private final CounterWriter counters;
        private final ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_BYTES);
        private int batchLines;
        private boolean failing;
        private long retryAtNs;
        private boolean reported;
        private long reportedAtNs;

        private Drain(LogFile file, CounterWriter counters) {
            this.file = file;
            this.counters = counters;
        }

        @Override
        public long drain(long nowNs, boolean all) {
            if (failing && !all && nowNs - retryAtNs < 0) {
                return retryAtNs;
            }
            long nothingDueNs = nowNs + REPORT_NS;
            boolean written = write(nowNs);
            while (written && !queue.isEmpty()) {
                written = write(nowNs);
            }
            return written ? nothingDueNs : retryAtNs;
        }

        @Override
        public boolean urgent(long nowNs) {
            return !failing && !queue.isEmpty();
        }

        /** Writes one batch; false when the file could not be written. */
        private boolean write(long nowNs) {
            if (batch.position() == 0) {
                fill();
            }
            batch.flip();
            try {
                while (batch.hasRemaining()) {
                    if (file.write(batch) == 0) {
                        throw new IOException("nothing written");
                    }
                }
                batch.clear();
                batchLines = 0;
                failing = false;
                return true;
            } catch (IOException e) {
                batch.compact();
                failed(nowNs, e);
                return false;
            }
        }

        /** Takes as many lines as fit; a line is never longer than a batch. */
        private void fill() {
            long lost = lostLines.getAndSet(0);
            if (lost > 0) {
                put(new Line(Level.WARN, clock.nowMs(), "lost " + lost + " lines of this log"));
            }
            Line line = queue.peek();
            while (line != null && put(line)) {
                queue.poll();
                queuedChars.addAndGet(-cost(line.message));
                line = queue.peek();
            }
        }

        private boolean put(Line line) {
            byte[] bytes = format.line(line.level, line.nowMs, line.message);
            if (bytes.length > batch.remaining()) {
                return false;
            }
            batch.put(bytes);
            batchLines++;
            return true;
        }

        private void failed(long nowNs, IOException e) {
            failing = true;
            retryAtNs = nowNs + RETRY_NS;
            counters.add(CounterId.LOG_WRITE_ERRORS, 1);
            if (!reported || nowNs - reportedAtNs >= REPORT_NS) {
                reported = true;
                reportedAtNs = nowNs;
                complain("cannot write error log \"" + file.path() + "\": " + LogFile.reason(e));
            }
        }

        /** The last resort of an error log that fails: the standard error of the process. */
        private void complain(String message) {
            PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true);
            byte[] line = format.line(Level.ERROR, clock.nowMs(), message);
            err.write(line, 0, line.length);
            err.flush();
        }

        @Override
        public void reopen(long nowNs) {
            drain(nowNs, true);
            try {
                if (!file.reopen()) {
                    log(Level.WARN, "closing the old file of the error log failed");
                }
                failing = false;
            } catch (IOException e) {
                log(
                        Level.ERROR,
                        "cannot reopen error log \""
                                + file.path()
                                + "\": "
                                + LogFile.reason(e)
                                + "; the old file stays in use");
            }
        }

        @Override
        public void close() {
            drain(clock.nowNs(), true);
            if (batchLines > 0) {
                complain("lost the last " + batchLines + " lines of the error log");
            }
            try {
                file.close();
            } catch (IOException e) {
                complain("cannot close error log: " + LogFile.reason(e));
            }
        }
    }
}
