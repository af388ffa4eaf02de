package dev.sluice.worker.downstream;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http1.ChunkDecoder;
import dev.sluice.worker.http1.ParseLimits;
import dev.sluice.worker.http1.RequestParser;
import java.nio.ByteBuffer;

/**
 * What a client has sent and nobody has used yet, in the front part of the stream's slab:
 *
 * <pre>
 *  0          headStart              start            end              LIMIT      Slab.BYTES
 *  | used ... | head of this request | not used yet   | free           | output … |
 * </pre>
 *
 * A head stays where it was read until its exchange ends, because its ranges point into it.
 *
 * <p>Owner: event loop.
 */
final class StreamInput {

    /** End of the input part of a slab: a head of 32 KiB and some body fit. */
    static final int LIMIT = 40 * 1024;
    /** {@link #take}: the framing is broken. */
    static final int BAD = -5;

    final RequestParser parser;
    private final ChunkDecoder chunks;
    private final int headBytesMax;
    private Slab slab;
    private int start;
    private int end;
    /** Where body bytes may be read to: behind the head. */
    private int bodyFloor;
    private Framing framing = Framing.NONE;
    private long lengthLeft;
    private boolean bodyDone = true;

    StreamInput(ParseLimits limits) {
        this.parser = new RequestParser(limits);
        this.chunks = new ChunkDecoder(limits);
        this.headBytesMax = Math.min(LIMIT, limits.startLineBytesMax() + limits.headerBytesMax());
    }

    void attach(Slab fresh) {
        slab = fresh;
        start = 0;
        end = 0;
        parser.reset(0);
        bodyDone = true;
        framing = Framing.NONE;
    }

    Slab detach() {
        Slab old = slab;
        slab = null;
        return old;
    }

    Slab slab() {
        return slab;
    }

    /** Bytes that have been read and not used. */
    int buffered() {
        return end - start;
    }

    /** How many of them belong to a body framed by length. */
    int bodyBuffered() {
        return (int) Math.min(lengthLeft, end - start);
    }

    int end() {
        return end;
    }

    /** Room behind the buffered bytes. */
    int room() {
        return LIMIT - end;
    }

    void received(int count) {
        assert count > 0 && end + count <= LIMIT;
        end += count;
    }

    /** Moves everything that is buffered to the front of other memory. @return its length */
    int takeAll(ByteBuffer into) {
        int count = end - start;
        into.put(0, slab.bytes, start, count);
        start = end;
        return count;
    }

    /** Where what is buffered begins. */
    int start() {
        return start;
    }

    /**
     * Looks for a complete head.
     *
     * @return the parser's answer: a positive offset, NEED_MORE or BAD
     */
    int parse(RequestHead head) {
        return parser.parse(head, slab.bytes, end);
    }

    /**
     * Makes room for a head that reached the end of the input part: moves it to the front.
     *
     * @return false when there is nothing to gain: the head is too large
     */
    boolean compact(RequestHead head) {
        if (start == 0) {
            return false;
        }
        int count = end - start;
        slab.bytes.put(0, slab.bytes, start, count);
        start = 0;
        end = count;
        parser.reset(0);
        head.reset(slab.bytes);
        return true;
    }

    /** Whether a head could still become complete in the room that is left. */
    boolean headMayFit() {
        return LIMIT - start >= headBytesMax;
    }

    /** The head ends at {@code offset}; what follows is its body, then the next request. */
    void startBody(RequestHead head, int offset) {
        start = offset;
        bodyFloor = offset;
        framing = head.framing;
        bodyDone = false;
        switch (framing) {
            case LENGTH -> {
                lengthLeft = head.contentLength;
                bodyDone = lengthLeft == 0;
            }
            case CHUNKED -> chunks.reset();
            default -> bodyDone = true;
        }
    }

    /** What follows is no HTTP any more: bytes as they come, until the client ends. */
    void startTunnel() {
        framing = Framing.UNTIL_CLOSE;
        lengthLeft = Long.MAX_VALUE;
        bodyDone = false;
    }

    boolean isTunnel() {
        return framing == Framing.UNTIL_CLOSE;
    }

    /** A tunnel of which nothing is buffered: what comes is read where it is wanted. */
    boolean isEmptyTunnel() {
        return framing == Framing.UNTIL_CLOSE && start == end;
    }

    /** Lies in another slab from now on, which has the head at the same place. */
    void moveTo(Slab other) {
        assert isEmptyTunnel();
        slab = other;
    }

    /** The client has ended its side of a tunnel. */
    void endTunnel() {
        bodyDone = true;
    }

    /** Everything of the request has been read: the next head starts where this one's end is. */
    void startNext(RequestHead head) {
        if (start == end) {
            start = 0;
            end = 0;
        }
        parser.reset(start);
        head.reset(slab.bytes);
        bodyDone = true;
    }

    boolean bodyDone() {
        return bodyDone;
    }

    boolean chunked() {
        return framing == Framing.CHUNKED;
    }

    /** The body has just begun: the fields behind it are wanted, too. */
    void keepTrailers(HeaderTable table, Slab store) {
        chunks.keepTrailers(table, store.bytes, 0, store.size());
    }

    /** Bytes of a body framed by length that are still to come, buffered ones included. */
    long lengthLeft() {
        return lengthLeft;
    }

    /** Takes bytes that were read straight into somebody's memory. */
    void tookDirect(int count) {
        lengthLeft -= count;
        bodyDone = lengthLeft == 0;
    }

    /**
     * Moves buffered body bytes out, decoded.
     *
     * @return bytes moved; 0 when none are buffered; {@link #BAD} when the framing is broken
     */
    int take(ByteBuffer into, int from, int limit) {
        if (framing == Framing.CHUNKED) {
            return takeChunked(into, from, limit);
        }
        int count = (int) Math.min(Math.min(lengthLeft, end - start), limit - from);
        if (count > 0) {
            into.put(from, slab.bytes, start, count);
            start += count;
            lengthLeft -= count;
            bodyDone = lengthLeft == 0;
            rewind();
        }
        return count;
    }

    private int takeChunked(ByteBuffer into, int from, int limit) {
        while (start < end && !bodyDone) {
            int to = Math.min(end, start + (limit - from));
            chunks.decode(slab.bytes, start, to);
            if (chunks.error() != null) {
                return BAD;
            }
            int count = chunks.dataLength();
            if (count > 0) {
                into.put(from, slab.bytes, start, count);
            }
            start += chunks.consumed();
            bodyDone = chunks.done();
            rewind();
            if (count > 0) {
                return count;
            }
        }
        return 0;
    }

    /** Drops buffered body bytes. @return false when the framing is broken */
    boolean drop() {
        while (start < end && !bodyDone) {
            if (framing == Framing.CHUNKED) {
                chunks.decode(slab.bytes, start, end);
                if (chunks.error() != null) {
                    return false;
                }
                start += chunks.consumed();
                bodyDone = chunks.done();
            } else {
                int count = (int) Math.min(lengthLeft, end - start);
                start += count;
                tookDirect(count);
            }
            rewind();
        }
        return true;
    }

    private void rewind() {
        if (start == end) {
            start = bodyFloor;
            end = bodyFloor;
        }
    }
}
