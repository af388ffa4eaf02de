package dev.sluice.worker.coding;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Functions of C libraries. All are linked in one shape of eight words, as linking a shape costs
 * milliseconds and a call nothing: a function that takes fewer does not look at the others.
 *
 * <p>Any thread. Addresses are native and must stay valid during the call.
 */
final class ForeignFunction {

    private ForeignFunction() {}

    /** @throws UnsatisfiedLinkError the library has no such function */
    @SuppressWarnings("restricted")
    static MethodHandle link(SymbolLookup library, String name) {
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        return Linker.nativeLinker().downcallHandle(
                library.find(name).orElseThrow(() -> new UnsatisfiedLinkError("no " + name)),
                FunctionDescriptor.of(word, word, word, word, word, word, word, word, word));
    }

    /** Calls what {@link #link} gave; of a result that is an int the upper half means nothing. */
    static long call(MethodHandle function, long a, long b, long c, long d, long e, long f,
            long g, long h) {
        try {
            return (long) function.invokeExact(a, b, c, d, e, f, g, h);
        } catch (Error | RuntimeException thrown) {
            throw thrown;
        } catch (Throwable checked) {
            throw new AssertionError("a downcall throws nothing checked", checked);
        }
    }
}
