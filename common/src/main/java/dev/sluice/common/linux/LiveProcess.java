package dev.sluice.common.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Whether a process lives: kill(2) with no signal, some hundred nanoseconds, where
 * {@link ProcessHandle} reads /proc. One that has ended and was not waited for counts as living.
 *
 * <p>Any thread: each has its own place for the error number.
 */
public final class LiveProcess {

    private static final int ESRCH = 3;
    private static final ThreadLocal<MemorySegment> ERRNO =
            ThreadLocal.withInitial(() -> CLibrary.errnoPlace(Arena.ofAuto()));

    private LiveProcess() {}

    /** @param process its number, as this process sees it */
    public static boolean is(long process) {
        return CLibrary.syscall(ERRNO.get(), SyscallNumbers.KILL, process, 0, 0, 0, 0, 0)
                != -ESRCH;
    }
}
