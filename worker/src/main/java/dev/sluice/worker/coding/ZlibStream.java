package dev.sluice.worker.coding;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A stream of the system's zlib (libz.so.1), without a frame around it (RFC 1951), that packs or
 * unpacks one body after the other. The system's, not the one within the JDK: that takes an eighth
 * more time for the same output. Loaded and linked when this class is first used.
 *
 * <pre>
 *   z_stream, of C programs with 64-bit pointers:
 *   0 next_in   8 avail_in (int)   24 next_out   32 avail_out (int)   112 end
 * </pre>
 *
 * <p>Owner: its {@link Coder}.
 */
final class ZlibStream {

    /** Of {@link #run}. */
    static final int STREAM_END = 1;
    /** Of {@link #run}: nothing could be done, for want of input or room. No error. */
    static final int NO_PROGRESS = -5;
    static final int NO_FLUSH = 0;
    static final int SYNC_FLUSH = 2;
    static final int FINISH = 4;

    private static final int NEXT_IN = 0;
    private static final int AVAIL_IN = 8;
    private static final int NEXT_OUT = 24;
    private static final int AVAIL_OUT = 32;
    private static final int BYTES = 112;
    private static final int DEFLATED = 8;
    private static final int WINDOW_BITS_MAX = 15;

    private static final SymbolLookup SYMBOLS = load();
    private static final MethodHandle DEFLATE_INIT = link("deflateInit2_");
    private static final MethodHandle DEFLATE_RESET = link("deflateReset");
    private static final MethodHandle DEFLATE_END = link("deflateEnd");
    private static final MethodHandle DEFLATE = link("deflate");
    private static final MethodHandle INFLATE_INIT = link("inflateInit2_");
    private static final MethodHandle INFLATE_RESET = link("inflateReset");
    private static final MethodHandle INFLATE_END = link("inflateEnd");
    private static final MethodHandle INFLATE = link("inflate");
    /** The part of the version that must fit. */
    private static final MemorySegment VERSION = Arena.global().allocateFrom("1");

    private final MemorySegment stream = Arena.ofAuto().allocate(BYTES, 8);
    private final long address = stream.address();
    private final boolean packs;

    @SuppressWarnings("restricted")
    private static SymbolLookup load() {
        try {
            return SymbolLookup.libraryLookup("libz.so.1", Arena.global());
        } catch (IllegalArgumentException missing) {
            throw new UnsatisfiedLinkError("libz.so.1, of the package zlib1g or zlib");
        }
    }

    /** Loads now, at boot; does nothing the second time. */
    static void prepare() {
        assert DEFLATE != null;
    }

    private static MethodHandle link(String name) {
        return ForeignFunction.link(SYMBOLS, name);
    }

    private ZlibStream(boolean packs) {
        this.packs = packs;
    }

    /**
     * One that packs.
     *
     * @param windowBits how far back it looks: {@code 1 << windowBits} bytes, 9 to 15
     * @param memoryLevel bits of its table of hashes less 7, 1 to 9
     * @return null when there is no memory
     */
    static ZlibStream packing(int level, int windowBits, int memoryLevel) {
        ZlibStream made = new ZlibStream(true);
        long error = ForeignFunction.call(DEFLATE_INIT, made.address, level, DEFLATED, -windowBits,
                memoryLevel, 0, VERSION.address(), BYTES);
        return (int) error == 0 ? made : null;
    }

    /** One that unpacks. @return null when there is no memory */
    static ZlibStream unpacking() {
        ZlibStream made = new ZlibStream(false);
        long error = ForeignFunction.call(INFLATE_INIT, made.address, -WINDOW_BITS_MAX,
                VERSION.address(), BYTES, 0, 0, 0, 0);
        return (int) error == 0 ? made : null;
    }

    /** A new body begins. */
    void reset() {
        long error = call(packs ? DEFLATE_RESET : INFLATE_RESET, 0);
        assert (int) error == 0 : error;
    }

    /**
     * Takes input and makes output, as much as there is and fits: {@link #inputLeft},
     * {@link #outputLeft}.
     *
     * @return 0, {@link #STREAM_END}, {@link #NO_PROGRESS}, or what is an error
     */
    int run(int flush, long input, int inputBytes, long output, int outputBytes) {
        stream.set(ValueLayout.JAVA_LONG, NEXT_IN, input);
        stream.set(ValueLayout.JAVA_INT, AVAIL_IN, inputBytes);
        stream.set(ValueLayout.JAVA_LONG, NEXT_OUT, output);
        stream.set(ValueLayout.JAVA_INT, AVAIL_OUT, outputBytes);
        return (int) (packs ? call(DEFLATE, flush) : call(INFLATE, flush));
    }

    private long call(MethodHandle function, int flush) {
        return ForeignFunction.call(function, address, flush, 0, 0, 0, 0, 0, 0);
    }

    /** It is not used any more. */
    void free() {
        call(packs ? DEFLATE_END : INFLATE_END, 0);
    }

    int inputLeft() {
        return stream.get(ValueLayout.JAVA_INT, AVAIL_IN);
    }

    int outputLeft() {
        return stream.get(ValueLayout.JAVA_INT, AVAIL_OUT);
    }
}
