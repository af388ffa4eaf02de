package dev.sluice.worker.http1;

import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.ParseError;
import java.nio.ByteBuffer;

/**
 * Decodes the chunked coding (RFC 9112 §7.1) where it lies: the data of the chunks moves down and
 * becomes one run from the start of the range. Sizes are 1 to 15 hexadecimal digits and nothing
 * else; extensions are checked and forgotten, trailers are checked and dropped unless asked for.
 *
 * <pre>
 *             ┌────────────────────────── CR LF ───────────────────────┐
 *             ▼                                                        │
 *   ──────► SIZE ──;──► EXTENSION ──CR──► SIZE_LF ──size > 0──► DATA ──► DATA_CR ► DATA_LF
 *             └──────────CR────────────────▲  └──size = 0──► TRAILERS ──► DONE
 * </pre>
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class ChunkDecoder {

    /** All bytes were taken, the body goes on. */
    public static final int MORE = 0;
    /** The body has ended; bytes behind it were not touched. */
    public static final int DONE = 1;
    /** The body is malformed: {@link #error()} says why. */
    public static final int BAD = 2;

    private static final int SIZE_DIGITS_MAX = 15;

    private enum Stage { SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILERS, DONE, BAD }

    private final int extensionBytesMax;
    private final int extensionsBytesMax;
    private final ChunkExtension extension = new ChunkExtension();
    private final TrailerParser trailers;

    private Stage stage = Stage.SIZE;
    private ParseError error;
    /** Bytes of the chunk that are still to come; while in SIZE the number read so far. */
    private long remaining;
    private int sizeDigits;
    private int extensionBytes;
    private int extensionsBytes;
    private int dataLength;
    private int consumed;

    public ChunkDecoder(ParseLimits limits) {
        extensionBytesMax = limits.chunkExtensionBytesMax();
        extensionsBytesMax = limits.chunkExtensionsBytesMax();
        trailers = new TrailerParser(limits);
    }

    /** Ready for another body; trailers are dropped again. */
    public void reset() {
        startSize();
        error = null;
        extensionsBytes = 0;
        dataLength = 0;
        consumed = 0;
        trailers.reset();
    }

    /**
     * Keeps the trailers that may travel on: their bytes go to {@code [from, limit)} of the store,
     * their ranges into the table, which is complete once the decoder is done.
     */
    public void keepTrailers(HeaderTable table, ByteBuffer store, int from, int limit) {
        trailers.keep(table, store, from, limit);
    }

    /**
     * Decodes {@code [from, to)} in place. Afterwards {@link #dataLength()} bytes of body lie at
     * {@code from} and {@link #consumed()} bytes of the range have been used: all of them unless
     * the body ended among them.
     *
     * @return {@link #MORE}, {@link #DONE} or {@link #BAD}
     */
    public int decode(ByteBuffer b, int from, int to) {
        int at = from;
        int out = from;
        while (at < to && stage.ordinal() < Stage.DONE.ordinal()) {
            if (stage == Stage.DATA) {
                int count = (int) Math.min(remaining, to - at);
                if (out != at) {
                    b.put(out, b, at, count);
                }
                out += count;
                at += count;
                remaining -= count;
                if (remaining == 0) {
                    stage = Stage.DATA_CR;
                }
            } else {
                step(b.get(at++));
            }
        }
        dataLength = out - from;
        consumed = at - from;
        return state();
    }

    public int state() {
        return switch (stage) {
            case DONE -> DONE;
            case BAD -> BAD;
            default -> MORE;
        };
    }

    /** Body bytes the last call left at the start of its range. */
    public int dataLength() {
        return dataLength;
    }

    /** Bytes of its range the last call used, counted from the start of the range. */
    public int consumed() {
        return consumed;
    }

    public boolean done() {
        return stage == Stage.DONE;
    }

    public ParseError error() {
        return error;
    }

    private void startSize() {
        stage = Stage.SIZE;
        remaining = 0;
        sizeDigits = 0;
        extensionBytes = 0;
    }

    private void step(byte c) {
        switch (stage) {
            case SIZE -> size(c);
            case EXTENSION -> extension(c);
            case SIZE_LF -> sizeEnd(c);
            case DATA_CR -> expect(c, ByteScan.CR, Stage.DATA_LF);
            case DATA_LF -> {
                if (expect(c, ByteScan.LF, Stage.SIZE)) {
                    startSize();
                }
            }
            default -> trailer(c);
        }
    }

    private boolean expect(byte c, byte wanted, Stage next) {
        if (c != wanted) {
            fail(ParseError.BAD_CHUNK_END);
            return false;
        }
        stage = next;
        return true;
    }

    private void size(byte c) {
        int digit = ByteScan.hex(c);
        if (digit >= 0 && sizeDigits < SIZE_DIGITS_MAX) {
            remaining = remaining << 4 | digit;
            sizeDigits++;
        } else if (digit >= 0 || sizeDigits == 0) {
            fail(ParseError.BAD_CHUNK_SIZE);
        } else if (c == ByteScan.CR) {
            stage = Stage.SIZE_LF;
        } else if (c == ';') {
            extension.start();
            countExtensionByte();
            if (stage != Stage.BAD) {
                stage = Stage.EXTENSION;
            }
        } else {
            fail(c == ByteScan.LF ? ParseError.BARE_LF : ParseError.BAD_CHUNK_SIZE);
        }
    }

    private void countExtensionByte() {
        extensionBytes++;
        extensionsBytes++;
        if (extensionBytes > extensionBytesMax || extensionsBytes > extensionsBytesMax) {
            fail(ParseError.CHUNK_EXTENSION_TOO_LONG);
        }
    }

    private void extension(byte c) {
        if (c == ByteScan.CR && extension.mayEnd()) {
            stage = Stage.SIZE_LF;
        } else if (!extension.accept(c)) {
            fail(c == ByteScan.LF ? ParseError.BARE_LF : ParseError.BAD_CHUNK_EXTENSION);
        } else {
            countExtensionByte();
        }
    }

    private void sizeEnd(byte c) {
        if (c != ByteScan.LF) {
            fail(ParseError.BARE_CR);
        } else {
            stage = remaining == 0 ? Stage.TRAILERS : Stage.DATA;
        }
    }

    private void trailer(byte c) {
        assert stage == Stage.TRAILERS : stage;
        if (!trailers.accept(c)) {
            fail(trailers.error());
        } else if (trailers.done()) {
            stage = Stage.DONE;
        }
    }

    private void fail(ParseError why) {
        stage = Stage.BAD;
        error = why;
    }
}
