package dev.sluice.worker.http1;

import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.RequestHead;
import java.nio.ByteBuffer;

/**
 * Reads one request head. Called again with more bytes behind the same ones it goes on where it
 * stopped; the bytes must not move meanwhile. The buffer is little endian, as slabs are.
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class RequestParser {

    /** The head is not complete. */
    public static final int NEED_MORE = -1;
    /** The head is refused: its {@code error} says why. */
    public static final int BAD = -2;

    private final RequestLineParser line;
    private final HeaderParser fields;
    private boolean lineDone;
    private boolean begun;

    public RequestParser(ParseLimits limits) {
        line = new RequestLineParser(limits);
        fields = new HeaderParser(limits);
    }

    /** The next head starts at this offset, an empty line before it allowed. */
    public void reset(int from) {
        line.start(from);
        lineDone = false;
        begun = false;
    }

    /**
     * @return the offset after the blank line, {@link #NEED_MORE}, or {@link #BAD} with
     *     {@code head.error} set
     */
    public int parse(RequestHead head, ByteBuffer b, int to) {
        if (!begun) {
            head.reset(b);
            begun = true;
        }
        assert head.buffer() == b;
        if (!lineDone) {
            int next = line.parse(head, b, to);
            if (next < 0) {
                head.error = line.error();
                return next;
            }
            ParseError why = TargetRule.apply(head, b);
            if (why != null) {
                head.error = why;
                return BAD;
            }
            lineDone = true;
            fields.start(next);
        }
        int end = fields.parse(head.headers, b, to);
        if (end < 0) {
            head.error = fields.error();
            return end;
        }
        head.error = RequestRule.apply(head, b);
        if (head.error != null) {
            return BAD;
        }
        head.headLength = end - line.lineStart();
        return end;
    }
}
