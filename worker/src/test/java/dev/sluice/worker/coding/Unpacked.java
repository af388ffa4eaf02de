package dev.sluice.worker.coding;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.zip.GZIPInputStream;

/** What clients make of a coded body, by other code than that which made it. */
final class Unpacked {

    private static final int BYTES_MAX = 1 << 20;

    private Unpacked() {
    }

    /** @throws AssertionError the body is not well formed, or not whole */
    static byte[] of(String coding, byte[] body) {
        if (coding.equals("br")) {
            return brotli(body);
        }
        ZstdEncoder.prepare();
        try (InputStream in = coding.equals("gzip")
                ? new GZIPInputStream(new ByteArrayInputStream(body))
                : new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(coding + " of " + body.length + " bytes", e);
        }
    }

    @SuppressWarnings("restricted")
    private static byte[] brotli(byte[] body) {
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        System.loadLibrary("brotli");
        var function = Linker.nativeLinker().downcallHandle(
                SymbolLookup.loaderLookup().find("BrotliDecoderDecompress").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, word, word, word, word));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocate(Math.max(1, body.length));
            MemorySegment.copy(body, 0, in, ValueLayout.JAVA_BYTE, 0, body.length);
            MemorySegment length = arena.allocate(8, 8);
            length.set(word, 0, BYTES_MAX);
            MemorySegment out = arena.allocate(BYTES_MAX);
            int result = (int) function.invokeExact((long) body.length, in.address(),
                    length.address(), out.address());
            if (result != 1) {
                throw new AssertionError("not brotli, or not whole: " + body.length + " bytes");
            }
            return out.asSlice(0, length.get(word, 0)).toArray(ValueLayout.JAVA_BYTE);
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
