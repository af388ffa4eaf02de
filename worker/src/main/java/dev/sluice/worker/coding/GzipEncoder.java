package dev.sluice.worker.coding;

import dev.sluice.common.counters.Termination;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * gzip (RFC 1952) by the JDK's zlib.
 *
 * <p>Owner: as {@link Coder}.
 */
final class GzipEncoder extends Coder {

    /** No name, no time, "unknown" for the system: nothing of this machine (RFC 1952, 2.3). */
    private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255};
    private static final int TAIL_BYTES = 8;
    private static final int FAST_LEVEL_MAX = 6;
    private static final int LOOP_BYTES = 16 * 1024;

    private final Deflater deflater;
    private final CRC32 crc = new CRC32();
    private final int loopBytesMax;
    private long length;
    private boolean headMade;

    GzipEncoder(int level) {
        deflater = new Deflater(level, true);
        loopBytesMax = level <= FAST_LEVEL_MAX ? LOOP_BYTES : LOOP_BYTES / 2;
    }

    @Override
    void begin() {
        deflater.reset();
        crc.reset();
        length = 0;
        headMade = false;
    }

    @Override
    boolean run(Task task, int inputFrom, int inputTo, int outputFrom, int outputTo) {
        assert outputTo - outputFrom >= HEAD.length + TAIL_BYTES;
        int at = outputFrom;
        if (!headMade) {
            output.put(at, HEAD);
            at += HEAD.length;
            headMade = true;
        }
        input.limit(inputTo).position(inputFrom);
        deflater.setInput(input);
        if (task == Task.FINISH) {
            deflater.finish();
        }
        // Room for the tail is always left.
        int limit = outputTo - TAIL_BYTES;
        output.limit(limit).position(at);
        int flush = task == Task.FLUSH ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH;
        deflater.deflate(output, flush);
        at = output.position();
        taken = input.position() - inputFrom;
        output.clear();
        input.position(inputFrom).limit(inputFrom + taken);
        crc.update(input);
        input.clear();
        length += taken;
        done = task == Task.FINISH ? deflater.finished() : taken == inputTo - inputFrom
                && at < limit;
        if (task == Task.FINISH && done) {
            at = tail(at);
        }
        made = at - outputFrom;
        return true;
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
        return Termination.WORKER_ERROR;
    }

    @Override
    void end() {
        // The state is kept for the next body.
    }

    @Override
    int loopBytesMax() {
        return loopBytesMax;
    }
}
