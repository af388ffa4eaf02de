package dev.sluice.worker.coding;

import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The functions of Google's brotli that an encoder needs, from libbrotli.so in
 * {@code java.library.path}. Loaded and linked when this class is first used.
 *
 * <p>Any thread. Addresses are native and must stay valid during the call.
 */
final class BrotliLibrary {

    static final int QUALITY = 1;
    static final int WINDOW_BITS = 2;
    static final int PROCESS = 0;
    static final int FLUSH = 1;
    static final int FINISH = 2;

    private static final SymbolLookup SYMBOLS = load();
    private static final MethodHandle CREATE = link("BrotliEncoderCreateInstance");
    private static final MethodHandle SET_PARAMETER = link("BrotliEncoderSetParameter");
    private static final MethodHandle COMPRESS = link("BrotliEncoderCompressStream");
    private static final MethodHandle HAS_MORE = link("BrotliEncoderHasMoreOutput");
    private static final MethodHandle IS_FINISHED = link("BrotliEncoderIsFinished");
    private static final MethodHandle DESTROY = link("BrotliEncoderDestroyInstance");

    private BrotliLibrary() {}

    @SuppressWarnings("restricted")
    private static SymbolLookup load() {
        System.loadLibrary("brotli");
        return SymbolLookup.loaderLookup();
    }

    /** Loads now, at boot; does nothing the second time. */
    static void prepare() {
        assert CREATE != null;
    }

    private static MethodHandle link(String name) {
        return ForeignFunction.link(SYMBOLS, name);
    }

    private static long call(MethodHandle function, long a, long b, long c, long d, long e,
            long f) {
        return ForeignFunction.call(function, a, b, c, d, e, f, 0, 0);
    }

    /** Of a function whose result is an int: the upper half of the word means nothing. */
    private static boolean isTrue(long result) {
        return (int) result != 0;
    }

    /** @return the state; 0 when there is no memory */
    static long create() {
        return call(CREATE, 0, 0, 0, 0, 0, 0);
    }

    static void set(long state, int parameter, int value) {
        boolean well = isTrue(call(SET_PARAMETER, state, parameter, value, 0, 0, 0));
        assert well : parameter + " " + value;
    }

    /** BrotliEncoderCompressStream; the four words are counted on. @return false: no memory */
    static boolean compress(long state, int operation, long availableIn, long nextIn,
            long availableOut, long nextOut) {
        return isTrue(call(COMPRESS, state, operation, availableIn, nextIn, availableOut,
                nextOut));
    }

    static boolean hasMore(long state) {
        return isTrue(call(HAS_MORE, state, 0, 0, 0, 0, 0));
    }

    static boolean isFinished(long state) {
        return isTrue(call(IS_FINISHED, state, 0, 0, 0, 0, 0));
    }

    static void destroy(long state) {
        call(DESTROY, state, 0, 0, 0, 0, 0);
    }
}
