package dev.sluice.worker.linux;

/**
 * Numbers of the system calls on this machine's architecture. Written at boot, then read-only.
 */
final class SyscallNumbers {

    private static final boolean ARM = isArm();

    static final long CLOSE = ARM ? 57 : 3;
    static final long PREAD64 = ARM ? 67 : 17;
    static final long PWRITE64 = ARM ? 68 : 18;
    static final long SENDFILE = ARM ? 71 : 40;
    static final long SENDTO = ARM ? 206 : 44;
    static final long RECVFROM = ARM ? 207 : 45;
    static final long FCNTL = ARM ? 25 : 72;
    static final long SPLICE = ARM ? 76 : 275;
    static final long PIPE2 = ARM ? 59 : 293;
    static final long OPENAT = ARM ? 56 : 257;
    static final long DUP3 = ARM ? 24 : 292;
    static final long GETDENTS64 = ARM ? 61 : 217;
    static final long STATX = ARM ? 291 : 332;
    /** The same everywhere, as for all calls that came after Linux 5.1. */
    static final long OPENAT2 = 437;
    /** O_DIRECTORY and O_NOFOLLOW are two of the few flags that differ. */
    static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
    static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;

    private SyscallNumbers() {}

    private static boolean isArm() {
        String arch = System.getProperty("os.arch");
        return switch (arch) {
            case "amd64", "x86_64" -> false;
            case "aarch64" -> true;
            default -> throw new IllegalStateException("no system call numbers for " + arch);
        };
    }
}
