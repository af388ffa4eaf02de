package dev.sluice.worker.coding;

import dev.sluice.common.counters.Termination;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * brotli (RFC 7932) by the library of its authors. Its state cannot be used again, so it is made
 * when work on a body begins, and freed behind it.
 *
 * <pre>
 *   words:  available_in | next_in | available_out | next_out
 * </pre>
 *
 * <p>Owner: as {@link Coder}.
 */
final class BrotliEncoder extends Coder {

    /** 256 KiB: more is of use for long bodies only, and takes as much of every client, too. */
    private static final int WINDOW_BITS = 18;
    private static final int WORD = 8;
    private static final int FAST_LEVEL_MAX = 4;
    private static final int MEDIUM_LEVEL_MAX = 6;
    private static final int LOOP_BYTES = 16 * 1024;
    private static final int LOOP_BYTES_MEDIUM = 8 * 1024;
    private static final int LOOP_BYTES_SLOW = 512;

    private final int level;
    private final MemorySegment words = Arena.ofAuto().allocate(4 * WORD, WORD);
    private final long wordsAt = words.address();
    private long state;
    private int held;

    BrotliEncoder(int level) {
        BrotliLibrary.prepare();
        this.level = level;
    }

    @Override
    void begin() {
        held = 0;
    }

    private void create() {
        state = BrotliLibrary.create();
        if (state != 0) {
            BrotliLibrary.set(state, BrotliLibrary.QUALITY, level);
            BrotliLibrary.set(state, BrotliLibrary.WINDOW_BITS, WINDOW_BITS);
        }
    }

    @Override
    boolean run(Task task, int inputFrom, int inputTo, int outputFrom, int outputTo) {
        if (state == 0) {
            create();
        }
        put(0, inputTo - inputFrom);
        put(1, inputAddress + inputFrom);
        put(2, outputTo - outputFrom);
        put(3, outputAddress + outputFrom);
        int operation = switch (task) {
            case TAKE -> BrotliLibrary.PROCESS;
            case FLUSH -> BrotliLibrary.FLUSH;
            case FINISH -> BrotliLibrary.FINISH;
        };
        if (state == 0 || !BrotliLibrary.compress(state, operation, wordsAt, wordsAt + WORD,
                wordsAt + 2 * WORD, wordsAt + 3 * WORD)) {
            return false;
        }
        int left = (int) get(0);
        taken = inputTo - inputFrom - left;
        made = outputTo - outputFrom - (int) get(2);
        done = left == 0 && !BrotliLibrary.hasMore(state)
                && (task != Task.FINISH || BrotliLibrary.isFinished(state));
        held = made > 0 ? 0 : held + taken;
        if (task == Task.FINISH && done) {
            end();
        }
        return true;
    }

    private void put(int word, long value) {
        words.set(ValueLayout.JAVA_LONG, (long) word * WORD, value);
    }

    private long get(int word) {
        return words.get(ValueLayout.JAVA_LONG, (long) word * WORD);
    }

    @Override
    int held() {
        return held;
    }

    @Override
    Termination failure() {
        return Termination.WORKER_OVERLOAD;
    }

    @Override
    void end() {
        if (state != 0) {
            BrotliLibrary.destroy(state);
            state = 0;
        }
    }

    @Override
    int loopBytesMax() {
        return level <= FAST_LEVEL_MAX ? LOOP_BYTES
                : level <= MEDIUM_LEVEL_MAX ? LOOP_BYTES_MEDIUM : LOOP_BYTES_SLOW;
    }
}
