package dev.sluice.common.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Functions of the C library, all linked in one shape, because linking a shape is what costs (50 ms
 * for the first, a few for every other one): seven words in, one word out, and the error number.
 * On the architectures of {@link SyscallNumbers} integers and pointers of a call travel in
 * registers, six at least, so a function that takes fewer does not see the rest, and one that takes
 * an int sees the lower half of its word (System V ABI, AMD64 §3.2.3; AAPCS64 §6.8.2).
 *
 * <p>Any thread.
 */
public final class CLibrary {

    private static final int EINTR = 4;
    private static final MethodHandle SYSCALL = link("syscall");

    private CLibrary() {}

    /** Links now, at boot, so that nobody waits for it later; does nothing the second time. */
    public static void prepare() {
        assert SYSCALL != null;
    }

    /**
     * A function that takes six integers or pointers at most, for {@link #invoke}.
     *
     * @throws java.util.NoSuchElementException the C library has none of this name
     */
    @SuppressWarnings("restricted")
    public static MethodHandle link(String name) {
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        Linker linker = Linker.nativeLinker();
        MemorySegment function = linker.defaultLookup().find(name).orElseThrow();
        long errnoAt = Linker.Option.captureStateLayout()
                .byteOffset(PathElement.groupElement("errno"));
        assert errnoAt == 0 : errnoAt;
        return linker.downcallHandle(function,
                FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                Linker.Option.firstVariadicArg(1), Linker.Option.captureCallState("errno"));
    }

    /** Memory for the error number of one thread's calls. */
    public static MemorySegment errnoPlace(Arena arena) {
        return arena.allocate(Linker.Option.captureStateLayout());
    }

    /**
     * Calls what {@link #link} gave. Of a function that gives back an int only the lower half of
     * the result means something. Addresses must stay valid during the call.
     */
    public static long invoke(MethodHandle function, MemorySegment errno, long a, long b, long c,
            long d, long e, long f) {
        try {
            return (long) function.invokeExact(errno, a, b, c, d, e, f, 0L);
        } catch (Error | RuntimeException thrown) {
            throw thrown;
        } catch (Throwable checked) {
            throw new AssertionError("a downcall throws nothing checked", checked);
        }
    }

    /**
     * Makes a system call by its number: syscall(2). One that a signal cut short is made again,
     * except close(2), whose descriptor is gone.
     *
     * @param errno of {@link #errnoPlace}
     * @return its result, or the error number negated
     */
    public static long syscall(MemorySegment errno, long number, long a, long b, long c, long d,
            long e, long f) {
        while (true) {
            long result = raw(errno, number, a, b, c, d, e, f);
            if (result != -1) {
                return result;
            }
            int error = errno.get(ValueLayout.JAVA_INT, 0);
            if (error != EINTR || number == SyscallNumbers.CLOSE) {
                return -error;
            }
        }
    }

    private static long raw(MemorySegment errno, long number, long a, long b, long c, long d,
            long e, long f) {
        try {
            return (long) SYSCALL.invokeExact(errno, number, a, b, c, d, e, f);
        } catch (Error | RuntimeException thrown) {
            throw thrown;
        } catch (Throwable checked) {
            throw new AssertionError("a downcall throws nothing checked", checked);
        }
    }
}
