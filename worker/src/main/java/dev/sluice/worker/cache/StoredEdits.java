package dev.sluice.worker.cache;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.HeadRules;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Has modules change the head that a peer has answered with before it is stored: they are not asked
 * again when it is given. One for a cache.
 *
 * <p>Owner: event loop.
 */
final class StoredEdits {

    private static final int HEAD_BYTES_MAX = 64 * 1024;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(HEAD_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteSink head = new ByteSink();

    /**
     * Changes the lines from a place of a record to its end, where all of them are the peer's.
     *
     * @return false when there is no room for what comes of it
     */
    boolean edit(HeadRules rules, Exchange x, ByteSink record, int from) {
        head.reset(memory, 0, HEAD_BYTES_MAX).put(Status.line(x.status));
        int linesAt = head.position();
        head.put(record.buffer(), from, record.position() - from);
        rules.apply(x, head, 0);
        if (head.overflowed()) {
            return false;
        }
        record.position(from);
        record.put(memory, linesAt, head.position() - linesAt);
        return !record.overflowed();
    }

    /**
     * Takes those of the first lines out whose field comes again behind them: what is stored gives
     * way to what a 304 says, and to what modules have made of that.
     *
     * @return where the second lines begin now
     */
    static int merge(ByteSink record, int from, int secondFrom) {
        ByteBuffer b = record.buffer();
        int second = secondFrom;
        int at = from;
        while (at < second) {
            int next = next(b, at, second);
            if (comesAgain(b, at, second, record.position())) {
                int end = record.position();
                b.put(at, b, next, end - next);
                record.position(end - (next - at));
                second -= next - at;
            } else {
                at = next;
            }
        }
        return second;
    }

    private static boolean comesAgain(ByteBuffer b, int line, int from, int end) {
        int length = AsciiBytes.indexOf(b, line, from, ':') - line + 1;
        for (int at = from; at < end; at = next(b, at, end)) {
            if (at + length <= end && AsciiBytes.rangesEqualIgnoreCase(b, line, length, b, at,
                    length)) {
                return true;
            }
        }
        return false;
    }

    /** Behind the CR LF of the line. */
    private static int next(ByteBuffer b, int at, int end) {
        return Math.min(end, AsciiBytes.indexOf(b, at, end, '\n') + 1);
    }
}
