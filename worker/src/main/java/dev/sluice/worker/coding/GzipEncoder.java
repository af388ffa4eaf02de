package dev.sluice.worker.coding;

import dev.sluice.common.counters.Termination;
import java.util.zip.CRC32;

/**
 * gzip (RFC 1952) by zlib.
 *
 * <p>Owner: as {@link Coder}.
 */
final class GzipEncoder extends Coder {

    /** No name, no time, "unknown" for the system: nothing of this machine (RFC 1952, 2.3). */
    private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255};
    private static final int TAIL_BYTES = 8;
    private static final int FAST_LEVEL_MAX = 6;
    private static final int LOOP_BYTES = 16 * 1024;

    private static final int WINDOW_BITS = 15;
    private static final int MEMORY_LEVEL = 8;

    private final int level;
    private final SpareStates<ZlibStream> spares;
    /** Null before and behind the work on a body. */
    private ZlibStream zlib;
    private final CRC32 crc = new CRC32();
    private final int loopBytesMax;
    private long length;
    private boolean headMade;

    GzipEncoder(int level, SpareStates<ZlibStream> spares) {
        ZlibStream.prepare();
        this.level = level;
        this.spares = spares;
        loopBytesMax = level <= FAST_LEVEL_MAX ? LOOP_BYTES : LOOP_BYTES / 2;
    }

    @Override
    void begin() {
        crc.reset();
        length = 0;
        headMade = false;
    }

    @Override
    boolean run(Task task, int inputFrom, int inputTo, int outputFrom, int outputTo) {
        assert outputTo - outputFrom >= HEAD.length + TAIL_BYTES;
        if (zlib == null && !takeState()) {
            return false;
        }
        int at = outputFrom;
        if (!headMade) {
            output.put(at, HEAD);
            at += HEAD.length;
            headMade = true;
        }
        // Room for the tail is always left.
        int limit = outputTo - TAIL_BYTES;
        int result = zlib.run(switch (task) {
            case TAKE -> ZlibStream.NO_FLUSH;
            case FLUSH -> ZlibStream.SYNC_FLUSH;
            case FINISH -> ZlibStream.FINISH;
        }, inputAddress + inputFrom, inputTo - inputFrom, outputAddress + at, limit - at);
        assert result >= 0 || result == ZlibStream.NO_PROGRESS : result;
        taken = inputTo - inputFrom - zlib.inputLeft();
        at = limit - zlib.outputLeft();
        input.limit(inputFrom + taken).position(inputFrom);
        crc.update(input);
        input.clear();
        length += taken;
        done = task == Task.FINISH ? result == ZlibStream.STREAM_END
                : zlib.inputLeft() == 0 && at < limit;
        if (task == Task.FINISH && done) {
            at = tail(at);
            giveState();
        }
        made = at - outputFrom;
        return true;
    }

    /** @return false when there is no memory */
    private boolean takeState() {
        zlib = spares.take();
        if (zlib == null) {
            zlib = ZlibStream.packing(level, WINDOW_BITS, MEMORY_LEVEL);
        } else {
            zlib.reset();
        }
        return zlib != null;
    }

    private void giveState() {
        if (!spares.give(zlib)) {
            zlib.free();
        }
        zlib = null;
    }

    private int tail(int at) {
        putLittleEndian(at, crc.getValue());
        putLittleEndian(at + 4, length);
        return at + TAIL_BYTES;
    }

    private void putLittleEndian(int at, long value) {
        for (int i = 0; i < 4; i++) {
            output.put(at + i, (byte) (value >>> 8 * i));
        }
    }

    @Override
    Termination failure() {
        return Termination.WORKER_OVERLOAD;
    }

    @Override
    void end() {
        if (zlib != null) {
            giveState();
        }
    }

    @Override
    int loopBytesMax() {
        return loopBytesMax;
    }
}
