package dev.sluice.worker.coding;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;
import dev.sluice.common.counters.Termination;

/**
 * Zstandard (RFC 8878) by zstd-jni, whose native part is loaded from {@code java.library.path}.
 *
 * <p>Owner: as {@link Coder}.
 */
final class ZstdEncoder extends Coder {

    /** 256 KiB; a client must have as much, and takes up to 8 MiB (RFC 9659). */
    private static final int WINDOW_BITS = 18;
    private static final int FAST_LEVEL_MAX = 4;
    private static final int LOOP_BYTES_FAST = 32 * 1024;
    private static final int LOOP_BYTES = 8 * 1024;

    private final int level;
    private final SpareStates<ZstdCompressCtx> spares;
    /** Null before and behind the work on a body. */
    private ZstdCompressCtx state;
    private int held;

    ZstdEncoder(int level, SpareStates<ZstdCompressCtx> spares) {
        prepare();
        this.level = level;
        this.spares = spares;
    }

    /** Loads the library where it lies: by itself it would be copied to a temporary folder. */
    @SuppressWarnings("restricted")
    static void prepare() {
        if (!Native.isLoaded()) {
            System.loadLibrary("zstd-jni-" + ZstdVersion.VERSION);
            Native.assumeLoaded();
        }
    }

    private void configure() {
        state.setLevel(level).setWindowLog(WINDOW_BITS).setContentSize(false);
    }

    @Override
    void begin() {
        held = 0;
    }

    private void takeState() {
        state = spares.take();
        if (state == null) {
            state = new ZstdCompressCtx();
            configure();
        }
    }

    private void giveState() {
        if (!spares.give(state)) {
            state.close();
        }
        state = null;
    }

    @Override
    boolean run(Task task, int inputFrom, int inputTo, int outputFrom, int outputTo) {
        input.limit(inputTo).position(inputFrom);
        output.limit(outputTo).position(outputFrom);
        if (state == null) {
            takeState();
        }
        try {
            boolean all = state.compressDirectByteBufferStream(output, input, switch (task) {
                case TAKE -> EndDirective.CONTINUE;
                case FLUSH -> EndDirective.FLUSH;
                case FINISH -> EndDirective.END;
            });
            done = task == Task.TAKE ? !input.hasRemaining() : all;
        } catch (ZstdException bad) {
            return false;
        }
        taken = input.position() - inputFrom;
        made = output.position() - outputFrom;
        input.clear();
        output.clear();
        held = made > 0 ? 0 : held + taken;
        if (task == Task.FINISH && done) {
            giveState();
        }
        return true;
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
        if (state != null) {
            // A body was given up in the middle: that takes the settings away, too.
            state.reset();
            configure();
            giveState();
        }
    }

    @Override
    int loopBytesMax() {
        return level <= FAST_LEVEL_MAX ? LOOP_BYTES_FAST : LOOP_BYTES;
    }
}
