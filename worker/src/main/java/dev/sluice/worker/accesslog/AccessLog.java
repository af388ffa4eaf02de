package dev.sluice.worker.accesslog;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.worker.arena.ByteSink;

/**
 * One access log, for the event loop:
 *
 * <pre>
 *   ByteSink line = log.begin(expectedBytes);
 *   if (line != null) {            // null: no room, counted as dropped
 *       line.put(...);
 *       if (line.overflowed()) { line = log.beginAgain(); ... }
 *       log.commit();              // adds the line end
 *   }
 * </pre>
 *
 * Neither call blocks, allocates or makes a system call, except that a commit that fills the buffer
 * wakes the log writer thread if it sleeps.
 *
 * <p>Owner: event loop.
 */
public final class AccessLog {
    private final String path;
    private final ByteRing ring;
    private final int bufferBytes;
    private final CounterWriter counters;
    private final LogWriter writer;
    private final ByteSink sink = new ByteSink();

    /** Where the open line begins in the ring's memory, -1 when none is open. */
    private int lineAt = -1;

    /** The writer is asked to work when the ring's tail reaches this position. */
    private long wakeAtTail;

    AccessLog(
            String path, ByteRing ring, int bufferBytes, CounterWriter counters, LogWriter writer) {
        this.path = path;
        this.ring = ring;
        this.bufferBytes = bufferBytes;
        this.counters = counters;
        this.writer = writer;
        this.wakeAtTail = bufferBytes;
    }

    /** Absolute, or {@code stderr}. */
    public String path() {
        return path;
    }

    /** The longest line that {@link #begin} can take, without its line end. */
    public int lineBytesMax() {
        return ring.pieceBytesMax() - 1;
    }

    /**
     * Opens a line of at most {@code bytesMax} bytes without its end; asking for more than the line
     * will have costs nothing, since only what is put in is taken.
     *
     * @return where to put it, lent until commit or cancel; null when the ring is full, and then
     * the
     *     line is counted as dropped
     */
    public ByteSink begin(int bytesMax) {
        assert lineAt < 0 : "line not committed";
        int count = Math.clamp(bytesMax, 1, lineBytesMax()) + 1;
        int at = ring.reserve(count);
        if (at < 0) {
            counters.add(CounterId.LOG_LINES_DROPPED, 1);
            return null;
        }
        lineAt = at;
        return sink.reset(ring.bytes(), at, at + count - 1);
    }

    /**
     * Begins the open line anew with the longest size there is, after it overflowed: a client must
     * not escape the log by a long request. What overflows even this is committed as far as it
     * went.
     */
    public ByteSink beginAgain() {
        cancel();
        return begin(lineBytesMax());
    }

    /** Ends the open line and hands it to the writer. */
    public void commit() {
        assert lineAt >= 0 : "no line begun";
        int end = sink.position();
        ring.bytes().put(end, (byte) '\n');
        ring.commit(end + 1 - lineAt);
        lineAt = -1;
        counters.add(CounterId.LOG_LINES, 1);
        if (ring.producerTail() - wakeAtTail >= 0) {
            askWriter();
        }
    }

    /** Forgets the open line. */
    public void cancel() {
        assert lineAt >= 0 : "no line begun";
        lineAt = -1;
    }

    /** Once per batch: the writer may have been faster than the buffer filled. */
    private void askWriter() {
        long head = ring.headForProducer();
        long tail = ring.producerTail();
        if (tail - head >= bufferBytes) {
            wakeAtTail = tail + bufferBytes;
            writer.wake();
        } else {
            wakeAtTail = head + bufferBytes;
        }
    }
}
