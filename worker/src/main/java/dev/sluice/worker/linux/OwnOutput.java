package dev.sluice.worker.linux;

import java.lang.foreign.Arena;

/**
 * Where the standard output and error of this process go. Nothing of ours writes there: it is the
 * JVM that does, thread dumps and its own last words above all. Stateless; any thread.
 */
public final class OwnOutput {

    private static final int STDOUT = 1;
    private static final int STDERR = 2;

    private OwnOutput() {}

    /**
     * Both go to the end of this file from now on, which exists.
     *
     * @return 0, or a negated error number: then they go where they went
     */
    public static int moveTo(String path) {
        return moveTo(path, STDOUT, STDERR);
    }

    static int moveTo(String path, int... numbers) {
        int fd;
        try (Arena arena = Arena.ofConfined()) {
            fd = Libc.open(arena.allocateFrom(path).address(),
                    Libc.O_WRONLY | Libc.O_APPEND | Libc.O_CLOEXEC);
        }
        if (fd < 0) {
            return fd;
        }
        int result = 0;
        for (int number : numbers) {
            result = Math.min(result, Libc.duplicate(fd, number));
        }
        Libc.close(fd);
        return result;
    }
}
