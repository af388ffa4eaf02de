package dev.sluice.worker.http2;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.arena.SlabPool;
import java.nio.ByteBuffer;

/**
 * The header block of a connection that is under way: one that comes in several frames is put
 * together first (RFC 9113 §4.3).
 *
 * <p>Owner: event loop. Memory is held only between the frames of a block.
 */
public final class HeaderBlock {

    /** {@link #take}: the block is complete: {@link #buffer} and the rest say where it lies. */
    public static final int WHOLE = 0;
    /** More frames of it must come, and no others. */
    public static final int MORE = 1;
    /** A CONTINUATION that continues nothing, or something else. */
    public static final int MISPLACED = 2;
    public static final int TOO_LONG = 3;
    public static final int NO_MEMORY = 4;

    /** A list within its limit takes no more in any encoding that makes sense. */
    private static final int BYTES_MAX = 48 * 1024;
    /** CONTINUATIONs of one block; an empty one counts like any other (CVE-2024-27316). */
    private static final int CONTINUATIONS_MAX = 16;

    private final SlabPool slabs;
    private Slab slab;
    private int continuations;
    private int openStream;
    private ByteBuffer buffer;
    private int from;
    private int to;
    private int stream;
    private boolean endsStream;

    public HeaderBlock(SlabPool slabs) {
        this.slabs = slabs;
    }

    /** Whether a block is not complete: only CONTINUATION may come. */
    public boolean isOpen() {
        return openStream != 0;
    }

    /** Takes a frame of HEADERS or CONTINUATION. @return one of the constants */
    public int take(Frame f, ByteBuffer b) {
        boolean first = f.type == FrameType.HEADERS;
        if (first == isOpen() || !first && f.stream != openStream) {
            return MISPLACED;
        }
        boolean whole = f.has(FrameType.END_HEADERS);
        if (first) {
            stream = f.stream;
            endsStream = f.has(FrameType.END_STREAM);
            if (whole) {
                buffer = b;
                from = f.from;
                to = f.to;
                return WHOLE;
            }
            openStream = stream;
            from = 0;
            to = 0;
            continuations = 0;
        } else if (++continuations > CONTINUATIONS_MAX) {
            return TOO_LONG;
        }
        return append(f, b, whole);
    }

    private int append(Frame f, ByteBuffer b, boolean whole) {
        if (slab == null) {
            slab = slabs.borrow();
            if (slab == null) {
                return NO_MEMORY;
            }
        }
        int length = f.to - f.from;
        if (to + length > BYTES_MAX) {
            return TOO_LONG;
        }
        slab.bytes.put(to, b, f.from, length);
        to += length;
        if (!whole) {
            return MORE;
        }
        buffer = slab.bytes;
        openStream = 0;
        return WHOLE;
    }

    public ByteBuffer buffer() {
        return buffer;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    public int stream() {
        return stream;
    }

    /** Whether nothing follows the block on its stream. */
    public boolean endsStream() {
        return endsStream;
    }

    /** The block has been read, or the connection has ended. */
    public void release() {
        openStream = 0;
        buffer = null;
        if (slab != null) {
            slabs.giveBack(slab);
            slab = null;
        }
    }
}
