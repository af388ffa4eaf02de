package dev.sluice.worker.coding;

import dev.sluice.common.counters.Termination;
import java.util.zip.CRC32;

/**
 * Unpacks gzip (RFC 1952), one member after the other. What follows the last one is dropped.
 *
 * <pre>
 *   HEAD (10 bytes) ─► EXTRA_LENGTH ─► EXTRA ─► NAME ─► COMMENT ─► HEAD_CRC ─► DATA ─► TAIL (8)
 *     ▲                (each where the flags say so)                                     │
 *     └──────────────────────────── another member ─────────────────────────────────────┘
 * </pre>
 *
 * <p>Owner: as {@link Coder}.
 */
final class GzipDecoder extends Coder {

    private enum Part { HEAD, EXTRA_LENGTH, EXTRA, NAME, COMMENT, HEAD_CRC, DATA, TAIL, REST }

    private static final int HEAD_BYTES = 10;
    private static final int TAIL_BYTES = 8;
    private static final int FLAG_HEAD_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int FLAGS_RESERVED = 0xe0;
    private static final int LOOP_BYTES = 8 * 1024;

    /** Null when there is no memory. */
    private final ZlibStream zlib = ZlibStream.unpacking();
    private final CRC32 crc = new CRC32();
    private Part part;
    /** Bytes of this part that have been read, of those with a fixed length. */
    private int read;
    private int flags;
    private int extraLength;
    /** What the tail says: check sum in the low half, length in the high one. */
    private long tail;
    private long length;
    private boolean anyMember;

    @Override
    void begin() {
        anyMember = false;
        member();
    }

    private void member() {
        if (zlib != null) {
            zlib.reset();
        }
        crc.reset();
        part = Part.HEAD;
        read = 0;
        length = 0;
        tail = 0;
        extraLength = 0;
    }

    @Override
    boolean run(Task task, int inputFrom, int inputTo, int outputFrom, int outputTo) {
        int at = inputFrom;
        int out = outputFrom;
        while (at < inputTo || part == Part.DATA) {
            if (part == Part.DATA) {
                int before = at;
                int madeBefore = out;
                if (!inflate(at, inputTo, out, outputTo)) {
                    return false;
                }
                at += taken;
                out += made;
                if (part == Part.DATA && (out == outputTo || at == before && out == madeBefore)) {
                    break;
                }
            } else if (!frame(input.get(at++))) {
                return false;
            }
        }
        taken = at - inputFrom;
        made = out - outputFrom;
        done = at == inputTo && !(part == Part.DATA && out == outputTo);
        // The end must be that of a member, or of what follows one.
        boolean complete = part == Part.REST || part == Part.HEAD && read == 0 && anyMember;
        return task != Task.FINISH || !done || complete;
    }

    private boolean inflate(int from, int to, int outputFrom, int outputTo) {
        if (zlib == null) {
            return false;
        }
        int result = zlib.run(ZlibStream.NO_FLUSH, inputAddress + from, to - from,
                outputAddress + outputFrom, outputTo - outputFrom);
        if (result != 0 && result != ZlibStream.STREAM_END && result != ZlibStream.NO_PROGRESS) {
            return false;
        }
        taken = to - from - zlib.inputLeft();
        made = outputTo - outputFrom - zlib.outputLeft();
        output.limit(outputFrom + made).position(outputFrom);
        crc.update(output);
        output.clear();
        length += made;
        if (result == ZlibStream.STREAM_END) {
            part = Part.TAIL;
            read = 0;
        }
        return true;
    }

    /** A byte that is not of the data. @return false when it may not be there */
    private boolean frame(byte b) {
        switch (part) {
            case HEAD -> {
                return headByte(b);
            }
            case EXTRA_LENGTH -> {
                extraLength |= (b & 0xff) << 8 * read;
                if (++read == 2) {
                    enter(extraLength == 0 ? Part.NAME : Part.EXTRA);
                }
            }
            case EXTRA -> {
                if (++read == extraLength) {
                    enter(Part.NAME);
                }
            }
            case NAME -> {
                if (b == 0) {
                    enter(Part.COMMENT);
                }
            }
            case COMMENT -> {
                if (b == 0) {
                    enter(Part.HEAD_CRC);
                }
            }
            case HEAD_CRC -> {
                if (++read == 2) {
                    enter(Part.DATA);
                }
            }
            case TAIL -> {
                return tailByte(b);
            }
            default -> { }
        }
        return true;
    }

    private boolean headByte(byte b) {
        boolean good = switch (read) {
            case 0 -> b == 0x1f;
            case 1 -> b == (byte) 0x8b;
            case 2 -> b == 8;
            case 3 -> (b & FLAGS_RESERVED) == 0;
            default -> true;
        };
        if (!good && anyMember && read < 2) {
            // As gzip itself does: padding behind the last member is no part of it.
            part = Part.REST;
            return true;
        }
        flags = read == 3 ? b : flags;
        if (++read == HEAD_BYTES) {
            enter(Part.EXTRA_LENGTH);
        }
        return good;
    }

    private boolean tailByte(byte b) {
        tail |= (b & 0xffL) << 8 * read;
        if (++read < TAIL_BYTES) {
            return true;
        }
        boolean good = (tail & 0xffffffffL) == crc.getValue()
                && tail >>> 32 == (length & 0xffffffffL);
        anyMember = true;
        member();
        return good;
    }

    /** The next part that is there, of those that begin with this one. */
    private void enter(Part first) {
        read = 0;
        part = first;
        if (part == Part.EXTRA_LENGTH && (flags & FLAG_EXTRA) == 0) {
            part = Part.NAME;
        }
        if (part == Part.NAME && (flags & FLAG_NAME) == 0) {
            part = Part.COMMENT;
        }
        if (part == Part.COMMENT && (flags & FLAG_COMMENT) == 0) {
            part = Part.HEAD_CRC;
        }
        if (part == Part.HEAD_CRC && (flags & FLAG_HEAD_CRC) == 0) {
            part = Part.DATA;
        }
    }

    @Override
    Termination failure() {
        return zlib == null ? Termination.WORKER_OVERLOAD : Termination.UPSTREAM_BAD_BODY;
    }

    @Override
    void end() {
        // The state is kept for the next body.
    }

    @Override
    int loopBytesMax() {
        return LOOP_BYTES;
    }
}
