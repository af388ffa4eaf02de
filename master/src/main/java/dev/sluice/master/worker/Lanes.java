package dev.sluice.master.worker;

import dev.sluice.common.control.WorkerOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The numbers by which worker processes tell their parts of a zone apart. No two living processes
 * of any generation have the same; the lowest free one is taken, and one is free again when its
 * process has been reaped and whoever registered has put right what it left. Owner: master loop.
 */
public final class Lanes {

    private final BitSet taken = new BitSet();
    private final List<IntConsumer> cleaners = new ArrayList<>();
    private boolean begun;

    /** Registers who is told of each lane whose process is gone, before anybody gets it again. */
    public void onFreed(IntConsumer cleaner) {
        cleaners.add(cleaner);
    }

    /** Another master's process has it; {@link #free} gives it back when that is gone. */
    public void reserve(int lane) {
        taken.set(lane);
    }

    /** @throws IOException too many processes live */
    int take() throws IOException {
        if (!begun) {
            begun = true;
            clearFree();
        }
        int lane = taken.nextClearBit(0);
        if (lane >= WorkerOptions.LANES_MAX) {
            throw new IOException("more than " + WorkerOptions.LANES_MAX + " worker processes");
        }
        taken.set(lane);
        return lane;
    }

    /** What processes of an earlier master have left, which nobody has reaped. */
    private void clearFree() {
        for (int lane = taken.nextClearBit(0); lane < WorkerOptions.LANES_MAX;
                lane = taken.nextClearBit(lane + 1)) {
            clear(lane);
        }
    }

    private void clear(int lane) {
        for (IntConsumer cleaner : cleaners) {
            cleaner.accept(lane);
        }
    }

    public void free(int lane) {
        assert taken.get(lane) : lane;
        clear(lane);
        taken.clear(lane);
    }
}
