package dev.sluice.common.linux;

/**
 * Numbers of the system calls on this machine's architecture. Written at boot, then read-only.
 */
public final class SyscallNumbers {

    private static final boolean ARM = isArm();

    public static final long CLOSE = ARM ? 57 : 3;
    public static final long PREAD64 = ARM ? 67 : 17;
    public static final long PWRITE64 = ARM ? 68 : 18;
    public static final long SENDFILE = ARM ? 71 : 40;
    public static final long SENDTO = ARM ? 206 : 44;
    public static final long RECVFROM = ARM ? 207 : 45;
    public static final long FCNTL = ARM ? 25 : 72;
    public static final long SPLICE = ARM ? 76 : 275;
    public static final long PIPE2 = ARM ? 59 : 293;
    public static final long OPENAT = ARM ? 56 : 257;
    public static final long DUP3 = ARM ? 24 : 292;
    public static final long GETDENTS64 = ARM ? 61 : 217;
    public static final long STATX = ARM ? 291 : 332;
    public static final long IOCTL = ARM ? 29 : 16;
    public static final long DUP = ARM ? 23 : 32;
    public static final long SOCKET = ARM ? 198 : 41;
    public static final long CONNECT = ARM ? 203 : 42;
    public static final long SENDMSG = ARM ? 211 : 46;
    public static final long BIND = ARM ? 200 : 49;
    public static final long SOCKETPAIR = ARM ? 199 : 53;
    public static final long SETSOCKOPT = ARM ? 208 : 54;
    public static final long RT_SIGACTION = ARM ? 134 : 13;
    public static final long WAIT4 = ARM ? 260 : 61;
    public static final long KILL = ARM ? 129 : 62;
    public static final long GETEUID = ARM ? 175 : 107;
    public static final long FCHOWNAT = ARM ? 54 : 260;
    /** The same everywhere, as for all calls that came after Linux 5.1. */
    public static final long OPENAT2 = 437;
    public static final long CLOSE_RANGE = 436;
    /** O_DIRECTORY and O_NOFOLLOW are two of the few flags that differ. */
    public static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
    public static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;

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
