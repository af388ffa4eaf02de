package dev.sluice.worker.linux;

/**
 * The pipes of a worker, lent while bytes are in them and used again, the last one first.
 *
 * <p>Owner: event loop.
 */
public final class PipePool {

    /** Of each pipe: four times what a pipe has by itself, so that a call moves more. */
    private static final long PIPE_BYTES = 256 * 1024;

    private final Pipe[] free;
    private final int pipesMax;
    private int freeCount;
    private int count;

    /** @param pipesMax most that may exist; each takes two descriptors */
    public PipePool(int pipesMax) {
        this.pipesMax = pipesMax;
        this.free = new Pipe[pipesMax];
        Libc.prepare();
    }

    /** Handed over until {@link #giveBack}; null when all are lent, or no descriptor is left. */
    public Pipe borrow() {
        if (freeCount > 0) {
            Pipe pipe = free[--freeCount];
            free[freeCount] = null;
            return pipe;
        }
        if (count == pipesMax) {
            return null;
        }
        Pipe pipe = Pipe.open(PIPE_BYTES);
        count += pipe == null ? 0 : 1;
        return pipe;
    }

    /** Takes a pipe back; one with bytes in it is of no use to anybody else. */
    public void giveBack(Pipe pipe) {
        if (pipe.held() > 0) {
            pipe.close();
            count--;
        } else {
            free[freeCount++] = pipe;
        }
    }

    /** Pipes that are lent now. */
    public int lentCount() {
        return count - freeCount;
    }
}
