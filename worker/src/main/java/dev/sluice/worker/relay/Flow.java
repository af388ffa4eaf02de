package dev.sluice.worker.relay;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.linux.Pipe;
import dev.sluice.worker.linux.PipePool;
import dev.sluice.worker.loop.SocketHandle;

/**
 * One direction of a session or a tunnel. What was read is written before more is read: that is the
 * back-pressure. It begins by copying; where more comes than fits, and neither side has TLS, bytes
 * stay in the kernel from then on (splice(2)) until there are few of them again. Memory, or a pipe,
 * is held only while bytes are in it.
 *
 * <p>Owner: event loop; a part of whoever relays.
 */
public final class Flow {

    /** What {@link #pump} came to. */
    public enum Step {
        /** The source has no more for now. */
        WAITS,
        /** The sink takes no more for now. */
        STUCK,
        /** Enough for one turn of the loop: others come first. */
        PAUSED,
        /** The source has ended and the sink knows. */
        ENDED,
        SOURCE_BROKEN,
        SINK_BROKEN,
        NO_MEMORY
    }

    /** One session may move so much in a turn. */
    private static final long TURN_BYTES = 1 << 20;
    /** What is read by copying first: few bytes need no more, and many will not fit. */
    private static final int FEW_BYTES = 16 * 1024;
    /** Where the sink is a client, what is written may be lent to it. */
    private static final int FROM = ClientStream.LENT_BEFORE;
    private static final int AFTER = ClientStream.LENT_AFTER;

    private final SlabPool slabs;
    private PipePool pipes;
    private RelayEnd from;
    private RelayEnd to;
    private Slab slab;
    private int sendFrom;
    private int sendTo;
    /** Null unless bytes stay in the kernel. */
    private Pipe pipe;
    private boolean bulk;
    /** What was moved in the kernel since the source last had no more. */
    private long burst;
    private boolean sourceEnded;
    private boolean ended;
    private long total;

    public Flow(SlabPool slabs) {
        this.slabs = slabs;
    }

    /** @param kernel null where bytes are to be copied */
    public void begin(RelayEnd source, RelayEnd sink, PipePool kernel) {
        from = source;
        to = sink;
        pipes = kernel;
        bulk = false;
        burst = 0;
        sourceEnded = false;
        ended = false;
        total = 0;
    }

    /** Bytes that the sink has taken. */
    public long total() {
        return total;
    }

    public boolean isEnded() {
        return ended;
    }

    /** Moves what can be moved now. */
    public Step pump() {
        long limit = total + TURN_BYTES;
        Step step = ended ? Step.ENDED : null;
        while (step == null && total < limit) {
            step = slab != null ? writeSlab() : pipe != null && pipe.held() > 0 ? drainPipe()
                    : sourceEnded ? finish() : take();
        }
        return step == null ? Step.PAUSED : step;
    }

    private Step take() {
        if (!from.canRead()) {
            release();
            return Step.WAITS;
        }
        return bulk && pipes != null && hasPipe() ? fillPipe() : readSlab();
    }

    private boolean hasPipe() {
        if (pipe == null) {
            pipe = pipes.borrow();
        }
        return pipe != null;
    }

    private Step readSlab() {
        slab = slabs.borrow(bulk || from.encrypted() ? Slab.BYTES : FEW_BYTES);
        if (slab == null) {
            return Step.NO_MEMORY;
        }
        int limit = slab.size() - AFTER;
        int count = from.read(slab, FROM, limit);
        if (count > 0) {
            bulk = count == limit - FROM;
            sendFrom = FROM;
            sendTo = FROM + count;
            return null;
        }
        release();
        return nothing(count);
    }

    private Step fillPipe() {
        long count = from.socketHandle().fill(pipe);
        if (count > 0) {
            from.movedFrom(count);
            burst += count;
            return null;
        }
        bulk = burst >= FEW_BYTES;
        burst = 0;
        release();
        return nothing((int) count);
    }

    /** @return null where only the end is left to be passed on */
    private Step nothing(int why) {
        if (why == SocketHandle.END) {
            sourceEnded = true;
            return null;
        }
        return why == SocketHandle.WOULD_BLOCK ? Step.WAITS : Step.SOURCE_BROKEN;
    }

    private Step writeSlab() {
        if (!to.canWrite()) {
            return Step.STUCK;
        }
        int count = to.write(slab, sendFrom, sendTo);
        if (count < 0) {
            return Step.SINK_BROKEN;
        }
        sendFrom += count;
        total += count;
        if (sendFrom < sendTo) {
            return Step.STUCK;
        }
        release();
        to.allWritten();
        return null;
    }

    private Step drainPipe() {
        if (!to.canWrite()) {
            return Step.STUCK;
        }
        long count = to.socketHandle().drain(pipe);
        if (count < 0) {
            return Step.SINK_BROKEN;
        }
        total += count;
        to.movedTo(count);
        if (count == 0) {
            return Step.STUCK;
        }
        if (pipe.held() == 0) {
            to.allWritten();
        }
        return null;
    }

    private Step finish() {
        ended = true;
        to.endOutput();
        return Step.ENDED;
    }

    /** Drops what is held: the sink is gone. */
    public void stop() {
        ended = true;
        release();
    }

    void release() {
        if (slab != null) {
            slabs.giveBack(slab);
            slab = null;
        }
        if (pipe != null) {
            pipes.giveBack(pipe);
            pipe = null;
        }
    }

    /** The session is over; the object may be used again. */
    public void end() {
        release();
        from = null;
        to = null;
        pipes = null;
    }
}
