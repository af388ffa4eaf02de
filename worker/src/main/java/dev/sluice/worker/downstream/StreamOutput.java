package dev.sluice.worker.downstream;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.ClientStream;
import java.nio.ByteBuffer;

/**
 * What is to be sent to a client: bytes in the rear part of the stream's slab, then either lent
 * memory or a part of a file.
 *
 * <pre>
 *  floor               base          sent            end              size - TAIL
 *  | head of response  | ............ | to be sent    | free           | room for a last chunk |
 * </pre>
 *
 * The head of the current response stays in place until its exchange ends, for the access log.
 *
 * <p>Owner: event loop.
 */
final class StreamOutput {

    /** Always left free: a chunk's size line, its end, and the last chunk. */
    static final int TAIL = 32;
    /** A response head needs this much before the next pipelined request is begun. */
    static final int HEAD_ROOM = 18 * 1024;

    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

    final ByteSink sink = new ByteSink();
    private Slab slab;
    private int floor;
    private int ceiling;
    private int base;
    private int sent;
    private int end;
    private ByteBuffer lentBuffer;
    private long lentAddress;
    private int lentAt;
    private int lentEnd;
    private int fileFd = -1;
    private long fileOffset;
    private long fileLeft;
    private boolean chunked;
    /** Where a head ends that is kept back behind {@link #end}; 0 for none. */
    private int heldEnd;
    /** Bytes that may be sent now: what lies behind is not seen by those who send. */
    private long quota = Long.MAX_VALUE;

    /** @param from where its part of the slab begins */
    void attach(Slab fresh, int from) {
        slab = fresh;
        floor = from;
        ceiling = fresh.size() - TAIL;
        base = from;
        sent = from;
        end = from;
        heldEnd = 0;
        quota = Long.MAX_VALUE;
        dropBody();
    }

    /** What follows is sent no further than this; {@code Long.MAX_VALUE} for no limit. */
    void allow(long bytes) {
        quota = bytes;
    }

    long quota() {
        return quota;
    }

    void detach() {
        slab = null;
        dropBody();
    }

    private void dropBody() {
        lentBuffer = null;
        lentAt = 0;
        lentEnd = 0;
        fileFd = -1;
        fileLeft = 0;
        chunked = false;
    }

    /** A sink on the free part, for a head. */
    ByteSink openHead() {
        return sink.reset(slab.bytes, end, ceiling);
    }

    /** The head that was written to the sink counts from now on. */
    void closeHead(boolean chunkedBody) {
        end = sink.position();
        base = end;
        chunked = chunkedBody;
    }

    /**
     * Keeps a head that was written elsewhere and is sent in another form.
     *
     * @return where it lies now
     */
    int keepHead(ByteBuffer from, int at, int length) {
        assert length <= headRoom();
        int place = end;
        slab.bytes.put(place, from, at, length);
        end += length;
        base = end;
        sent = end;
        return place;
    }

    /** The head that begins there is not sent yet; nothing is written behind it meanwhile. */
    void holdHead(int from) {
        assert end == base && from >= sent && isOwnMemory();
        heldEnd = end;
        base = from;
        end = from;
    }

    void releaseHead() {
        assert heldEnd > end;
        base = heldEnd;
        end = heldEnd;
        heldEnd = 0;
    }

    /** The head that was kept, or {@link #keepHead} took in, has never been written. */
    void forgetHead(int from) {
        heldEnd = 0;
        chunked = false;
        if (sent == end) {
            sent = from;
        }
        base = from;
        end = from;
    }

    /** What is to be sent moves to other memory, the head does not. */
    void moveTo(Slab other, int from) {
        assert isOwnMemory() && !chunked;
        int count = end - sent;
        other.bytes.put(from, slab.bytes, sent, count);
        slab = other;
        floor = from;
        ceiling = other.size() - TAIL;
        base = from;
        sent = from;
        end = from + count;
    }

    /** An interim response that was written to the sink counts from now on. */
    void closeInterim() {
        end = sink.position();
    }

    int headRoom() {
        return ceiling - end;
    }

    /** Room for body bytes, framing already taken off. */
    int room() {
        if (lentBuffer != null || fileLeft > 0) {
            return 0;
        }
        return Math.max(0, ceiling - end - (chunked ? 16 : 0));
    }

    /** @return bytes taken */
    int copy(ByteBuffer source, int offset, int length) {
        int count = Math.min(length, room());
        if (count > 0) {
            sink.reset(slab.bytes, end, ceiling);
            if (chunked) {
                sink.putHex(count).put('\r').put('\n');
            }
            sink.put(source, offset, count);
            if (chunked) {
                sink.put('\r').put('\n');
            }
            assert !sink.overflowed();
            end = sink.position();
        }
        return count;
    }

    void lend(ByteBuffer memory, long address, int offset, int length) {
        assert lentBuffer == null && fileLeft == 0 && length > 0;
        lentBuffer = memory;
        lentAddress = address;
        lentAt = offset;
        lentEnd = offset + length;
        if (chunked) {
            int lineBytes = Math.max(1, (35 - Integer.numberOfLeadingZeros(length)) / 4) + 2;
            assert lineBytes <= ClientStream.LENT_BEFORE;
            lentAt = offset - lineBytes;
            sink.reset(memory, lentAt, offset);
            sink.putHex(length).put('\r').put('\n');
            memory.put(lentEnd, (byte) '\r');
            memory.put(lentEnd + 1, (byte) '\n');
            lentEnd += 2;
        }
    }

    void file(int fd, long offset, long length) {
        assert lentBuffer == null && fileLeft == 0 && length > 0;
        assert !chunked;
        fileFd = fd;
        fileOffset = offset;
        fileLeft = length;
    }

    /** Ends a chunked body; nothing to do for the others. */
    void lastChunk() {
        if (!chunked) {
            return;
        }
        chunked = false;
        if (lentBuffer != null) {
            for (byte b : LAST_CHUNK) {
                lentBuffer.put(lentEnd++, b);
            }
        } else {
            sink.reset(slab.bytes, end, slab.size()).put(LAST_CHUNK);
            assert !sink.overflowed();
            end = sink.position();
        }
    }

    /** The exchange has ended: its head need not be kept. */
    void endExchange() {
        base = floor;
        heldEnd = 0;
        chunked = false;
        if (sent == end) {
            sent = floor;
            end = floor;
        }
    }

    /** Whether there is nothing that may be sent now. */
    boolean isEmpty() {
        return sent == end && lentBuffer == null && fileLeft == 0 || quota <= 0;
    }

    /** Whether there is something that must wait for its time. */
    boolean isHeldBack() {
        return quota <= 0 && (sent < end || lentBuffer != null || fileLeft > 0);
    }

    /** Where the last byte in the stream's own memory ends. */
    int written() {
        return end;
    }

    /** Whether all that is left lies in the stream's own slab. */
    boolean isOwnMemory() {
        return lentBuffer == null && fileLeft == 0;
    }

    Slab slab() {
        return slab;
    }

    int sentTo() {
        return sent;
    }

    int end() {
        return end - sent <= quota ? end : sent + (int) quota;
    }

    int ownBytes() {
        return end() - sent;
    }

    int lentBytes() {
        return Math.clamp(quota - (end - sent), 0, lentEnd - lentAt);
    }

    long lentFrom() {
        return lentAddress + lentAt;
    }

    ByteBuffer lentBuffer() {
        return lentBuffer;
    }

    int lentAt() {
        return lentAt;
    }

    int fileFd() {
        return fileFd;
    }

    long fileOffset() {
        return fileOffset;
    }

    long fileLeft() {
        return Math.clamp(quota - (end - sent), 0, fileLeft);
    }

    /** The kernel has taken this many bytes of own and lent memory, in that order. */
    void took(long count) {
        quota -= count;
        int own = (int) Math.min(count, end - sent);
        sent += own;
        if (sent == end) {
            sent = base;
            end = base;
        }
        int lent = (int) (count - own);
        if (lent > 0) {
            lentAt += lent;
            assert lentAt <= lentEnd;
            if (lentAt == lentEnd) {
                lentBuffer = null;
            }
        }
    }

    void tookOfFile(long count) {
        quota -= count;
        fileOffset += count;
        fileLeft -= count;
        if (fileLeft == 0) {
            fileFd = -1;
        }
    }
}
