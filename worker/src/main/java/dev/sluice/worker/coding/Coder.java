package dev.sluice.worker.coding;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.ClientStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Turns the bytes of one body into another form, in memory of its own. What goes in lies in
 * {@link #input}, what comes out in {@link #output}, which has room around it for framing.
 *
 * <p>Owner: event loop, but for the time of a call that was handed to a thread beside it.
 */
abstract class Coder {

    /** What a call is to do. */
    enum Task {
        /** To take the input; what comes out may wait inside. */
        TAKE,
        /** The same, and all that can be known of it comes out. */
        FLUSH,
        /** This was the last input: all comes out. */
        FINISH
    }

    static final int INPUT_BYTES = 32 * 1024;
    /** Where output begins, and where it ends at most: around it is room for framing. */
    static final int OUTPUT_AT = ClientStream.LENT_BEFORE;
    static final int OUTPUT_END = OUTPUT_AT + 32 * 1024;

    final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES);
    final long inputAddress = MemorySegment.ofBuffer(input).address();
    final ByteBuffer output =
            ByteBuffer.allocateDirect(OUTPUT_END + ClientStream.LENT_AFTER);
    final long outputAddress = MemorySegment.ofBuffer(output).address();
    /** Bytes of input taken, and bytes of output made, by the last call. */
    int taken;
    int made;
    /** Whether the last call has done its task; else it goes on when there is room. */
    boolean done;
    /** Of the pool; and the next unused one there. */
    CoderPool pool;
    Coder next;

    /** A new body begins; what work on it needs is taken when that begins, by {@link #run}. */
    abstract void begin();

    /**
     * Works until the task is done or the output is full.
     *
     * @return false when the body cannot go on: it is malformed, or memory is missing
     */
    abstract boolean run(Task task, int inputFrom, int inputTo, int outputFrom, int outputTo);

    /** Bytes that were taken and have led to nothing yet: the next call may work on them. */
    int held() {
        return 0;
    }

    /** Why the body is given up when it cannot go on. */
    abstract Termination failure();

    /** The body has ended, or is given up: lets go of what is not kept for the next one. */
    abstract void end();

    /** Up to so many bytes of input are worked on by the loop itself: about a quarter of a ms. */
    abstract int loopBytesMax();
}
