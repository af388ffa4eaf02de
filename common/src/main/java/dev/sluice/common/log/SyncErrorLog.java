package dev.sluice.common.log;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.clock.SystemClock;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The error log of the master: a line is written before {@code log} returns, by one write(2) to a
 * file opened for appending, so lines of several processes do not mix. A disk that is full costs
 * lines and nothing else; how many is said as soon as a line can be written again.
 *
 * <p>Owner: master loop for {@code reopen} and {@code close}; any thread may log.
 */
public final class SyncErrorLog implements ErrorLog, AutoCloseable {
    /** The path that means the standard error of the process. */
    public static final String STDERR = "stderr";

    private final String path;
    private final Level least;
    private final Clock clock;
    private final ErrorLineFormat format;

    /** Streams and not channels of files: an interrupt closes a channel for good. */
    private final AtomicReference<OutputStream> out;

    private final AtomicLong lostLines = new AtomicLong();

    /** Opens the log of this process, in slot 0. */
    public SyncErrorLog(String path, Level least, boolean json) throws IOException {
        this(path, least, SystemClock.INSTANCE, ErrorLineFormat.ofThisProcess(0).in(path, json));
    }

    /** For tests: time and process are passed in. */
    public SyncErrorLog(String path, Level least, Clock clock, ErrorLineFormat format)
            throws IOException {
        this.path = path;
        this.least = least;
        this.clock = clock;
        this.format = format;
        this.out = new AtomicReference<>(open(path));
    }

    private static OutputStream open(String path) throws IOException {
        if (SystemLog.isSystem(path)) {
            return Channels.newOutputStream(SystemLog.open(path, true));
        }
        return path.equals(STDERR)
                ? new FileOutputStream(FileDescriptor.err)
                : new FileOutputStream(path, true);
    }

    @Override
    public boolean enabled(Level level) {
        return level.reaches(least);
    }

    @Override
    public void log(Level level, String line) {
        if (!enabled(level)) {
            return;
        }
        long lost = lostLines.getAndSet(0);
        if (lost > 0 && !write(Level.WARN, "lost " + lost + " lines of the error log")) {
            lostLines.addAndGet(lost + 1);
            return;
        }
        if (!write(level, line)) {
            lostLines.incrementAndGet();
        }
    }

    private boolean write(Level level, String line) {
        byte[] bytes = format.line(level, clock.nowMs(), line);
        OutputStream now = out.get();
        try {
            now.write(bytes);
            return true;
        } catch (IOException e) {
            return now != out.get() && writeToReopened(bytes);
        }
    }

    /** The file was closed by a reopen between our look at it and the write. */
    private boolean writeToReopened(byte[] bytes) {
        try {
            out.get().write(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void reopen() {
        if (path.equals(STDERR)) {
            return;
        }
        try {
            OutputStream old = out.getAndSet(open(path));
            old.close();
        } catch (IOException e) {
            log(Level.ERROR, "cannot reopen error log, the old file stays open: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        if (path.equals(STDERR)) {
            return;
        }
        try {
            out.get().close();
        } catch (IOException e) {
            lostLines.incrementAndGet();
        }
    }
}
