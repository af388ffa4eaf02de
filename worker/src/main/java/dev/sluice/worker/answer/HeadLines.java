package dev.sluice.worker.answer;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.NameSet;
import java.nio.ByteBuffer;

/**
 * A head that is being written, taken as its lines: the status line, then {@code Name: value},
 * each ended by CR LF. Stateless.
 */
final class HeadLines {

    /** {@link #find}: there is no such field. */
    static final int NONE = -1;

    private HeadLines() {}

    /** Takes out all fields of these names; what is behind them moves up. */
    static void remove(ByteSink head, int from, NameSet names) {
        remove(head, from, head.position(), names);
    }

    /** The same, of fields that begin before {@code end}. */
    static void remove(ByteSink head, int from, int end, NameSet names) {
        ByteBuffer b = head.buffer();
        int at = next(b, from, end);
        int to = at;
        int keptFrom = at;
        while (at < end) {
            int next = next(b, at, end);
            if (names.has(b, at, nameEnd(b, at, next) - at)) {
                to = move(b, keptFrom, at, to);
                keptFrom = next;
            }
            at = next;
        }
        head.position(move(b, keptFrom, head.position(), to));
    }

    private static int move(ByteBuffer b, int from, int end, int to) {
        if (from != to && from < end) {
            b.put(to, b, from, end - from);
        }
        return to + end - from;
    }

    /** Takes out the first field of this id if there is another behind it. */
    static void removeFirstOfTwo(ByteSink head, int from, int id) {
        ByteBuffer b = head.buffer();
        int end = head.position();
        int first = find(b, from, end, id);
        if (first == NONE || find(b, first, end, id) == NONE) {
            return;
        }
        int behind = next(b, first, end);
        b.put(first, b, behind, end - behind);
        head.position(first + end - behind);
    }

    /**
     * Where the next field of this id begins.
     *
     * @param line the line to begin behind: the status line or an earlier field
     */
    static int find(ByteBuffer b, int line, int end, int id) {
        for (int at = next(b, line, end); at < end; at = next(b, at, end)) {
            if (HeaderName.idOf(b, at, nameEnd(b, at, end) - at) == id) {
                return at;
            }
        }
        return NONE;
    }

    /** Where the value of the field that begins here begins. */
    static int valueAt(ByteBuffer b, int line, int end) {
        return nameEnd(b, line, end) + 2;
    }

    /** Where the line that begins here ends, without its CR LF. */
    static int lineEnd(ByteBuffer b, int line, int end) {
        return next(b, line, end) - 2;
    }

    private static int nameEnd(ByteBuffer b, int at, int end) {
        while (at < end && b.get(at) != ':') {
            at++;
        }
        return at;
    }

    /** Behind the CR LF of the line. */
    private static int next(ByteBuffer b, int at, int end) {
        while (at < end && b.get(at) != '\n') {
            at++;
        }
        return Math.min(at + 1, end);
    }
}
