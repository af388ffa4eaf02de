package dev.sluice.master.system;

import dev.sluice.common.linux.CLibrary;
import dev.sluice.common.linux.SyscallNumbers;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The system calls that the JDK does not offer. Linking them costs some 50 ms, so a short command
 * never touches this class.
 *
 * <p>Stateless; any thread.
 */
public final class Posix {

    public static final int SIGQUIT = 3;
    public static final int SIGKILL = 9;

    private static final String IGNORED = "SigIgn:";
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;
    /** O_RDWR, O_CREAT, O_EXCL and O_CLOEXEC. */
    private static final int O_RDWR_CREATE_EXCLUSIVE = 2 | 0x40 | 0x80 | 0x80000;
    private static final int MODE_OWNER = 0600;
    private static final int WNOHANG = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final int FIRST_AFTER_STDERR = 3;
    private static final int AT_FDCWD = -100;
    /** ioctl_tty(2): asks for the settings of a terminal, struct termios. */
    private static final int TCGETS = 0x5401;
    private static final int TERMIOS_BYTES = 256;
    /** struct sigaction of rt_sigaction(2), and the set of signals in it. */
    private static final int SIGACTION_BYTES = 32;
    private static final int SIGNAL_SET_BYTES = 8;
    /** struct msghdr and struct iovec of sendmsg(2), and a cmsg(3) with one descriptor. */
    private static final int MESSAGE_BYTES = 56;
    private static final int PIECE_BYTES = 16;
    private static final int CONTROL_LENGTH = 20;
    private static final int CONTROL_BYTES = 24;
    /** Of struct passwd of getpwnam(3): two pointers, then the numbers. */
    private static final int PASSWD_UID = 16;
    private static final int PASSWD_GID = 20;
    private static final int ERROR_TEXT_BYTES = 256;

    private Posix() {}

    /** @return the result, or the error number negated */
    private static long call(long number, long a, long b, long c, long d, long e) {
        try (Arena arena = Arena.ofConfined()) {
            return CLibrary.syscall(CLibrary.errnoPlace(arena), number, a, b, c, d, e, 0);
        }
    }

    /** @return the result */
    private static long checked(String name, long result) throws IOException {
        if (result < 0) {
            throw new IOException(name + " failed: " + errorText((int) -result));
        }
        return result;
    }

    public static int pid() {
        return (int) ProcessHandle.current().pid();
    }

    public static boolean isRoot() {
        return call(SyscallNumbers.GETEUID, 0, 0, 0, 0, 0) == 0;
    }

    /** Whether the standard input or error is a terminal, whose keys and size send signals. */
    public static boolean onTerminal() {
        return isTerminal(0) || isTerminal(2);
    }

    private static boolean isTerminal(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            long settings = arena.allocate(TERMIOS_BYTES, Long.BYTES).address();
            return call(SyscallNumbers.IOCTL, fd, TCGETS, settings, 0, 0) == 0;
        }
    }

    /** @return false when the process does not exist or is not ours */
    public static boolean kill(long pid, int signal) {
        assert pid > 1 : pid;
        return call(SyscallNumbers.KILL, pid, signal, 0, 0, 0) == 0;
    }

    /**
     * Gives a signal that is ignored its default action. A process inherits what its parent ignored
     * (signal(7)), as from nohup or from a shell that starts a job in the background, and the JVM
     * takes no handler for HUP, INT and TERM while they are.
     */
    public static void heed(int signal) throws IOException {
        if ((ignoredSignals() >>> signal - 1 & 1) == 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            // All zero: SIG_DFL, no flags, no other signal blocked meanwhile.
            long action = arena.allocate(SIGACTION_BYTES, Long.BYTES).address();
            checked("rt_sigaction", call(SyscallNumbers.RT_SIGACTION, signal, action, 0,
                    SIGNAL_SET_BYTES, 0));
        }
    }

    /** One bit for each signal, the lowest for 1; proc_pid_status(5). */
    private static long ignoredSignals() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(IGNORED)) {
                return Long.parseUnsignedLong(line.substring(IGNORED.length()).strip(), 16);
            }
        }
        return 0;
    }

    /** Two connected stream sockets, close-on-exec and blocking. */
    public static int[] socketPair() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pair = arena.allocate(2 * Integer.BYTES, Integer.BYTES);
            checked("socketpair", call(SyscallNumbers.SOCKETPAIR, AF_UNIX,
                    SOCK_STREAM | SOCK_CLOEXEC, 0, pair.address(), 0));
            return pair.toArray(ValueLayout.JAVA_INT);
        }
    }

    /** Makes the socket itself non-blocking, whoever holds a copy of the descriptor. */
    public static void setNonBlocking(int fd) {
        call(SyscallNumbers.FCNTL, fd, F_SETFL, O_NONBLOCK, 0, 0);
    }

    /** Sends a message over a connected unix socket, without waiting: sendmsg(2). */
    public static void sendMessage(int socket, byte[] message) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            send(socket, header(message, arena));
        }
    }

    /** The same, and a copy of this descriptor with it: unix(7), SCM_RIGHTS. */
    public static void sendMessage(int socket, byte[] message, int descriptor)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = header(message, arena);
            MemorySegment control = arena.allocate(CONTROL_BYTES, Long.BYTES);
            control.set(ValueLayout.JAVA_LONG, 0, CONTROL_LENGTH);
            control.set(ValueLayout.JAVA_INT, 8, SOL_SOCKET);
            control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
            control.set(ValueLayout.JAVA_INT, 16, descriptor);
            header.set(ValueLayout.JAVA_LONG, 32, control.address());
            header.set(ValueLayout.JAVA_LONG, 40, CONTROL_BYTES);
            send(socket, header);
        }
    }

    private static MemorySegment header(byte[] message, Arena arena) {
        MemorySegment text = arena.allocate(Math.max(1, message.length));
        MemorySegment.copy(message, 0, text, ValueLayout.JAVA_BYTE, 0, message.length);
        MemorySegment piece = arena.allocate(PIECE_BYTES, Long.BYTES);
        piece.set(ValueLayout.JAVA_LONG, 0, text.address());
        piece.set(ValueLayout.JAVA_LONG, 8, message.length);
        MemorySegment header = arena.allocate(MESSAGE_BYTES, Long.BYTES);
        header.set(ValueLayout.JAVA_LONG, 16, piece.address());
        header.set(ValueLayout.JAVA_LONG, 24, 1);
        return header;
    }

    private static void send(int socket, MemorySegment header) throws IOException {
        checked("sendmsg", call(SyscallNumbers.SENDMSG, socket, header.address(),
                MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0));
    }

    /**
     * A file without a name that holds this content: nobody can open it, and it is gone with its
     * last descriptor. The directory should be in memory, as /run is.
     */
    public static int unnamedFile(Path directory, byte[] content) throws IOException {
        Path file = directory.resolve("handed-" + pid());
        Files.deleteIfExists(file);
        try (Arena arena = Arena.ofConfined()) {
            int fd = (int) checked("making " + file, call(SyscallNumbers.OPENAT, AT_FDCWD,
                    arena.allocateFrom(file.toString()).address(), O_RDWR_CREATE_EXCLUSIVE,
                    MODE_OWNER, 0));
            Files.delete(file);
            MemorySegment bytes = arena.allocate(Math.max(1, content.length));
            MemorySegment.copy(content, 0, bytes, ValueLayout.JAVA_BYTE, 0, content.length);
            try {
                for (long at = 0; at < content.length;) {
                    long count = checked("writing to " + file, call(SyscallNumbers.PWRITE64, fd,
                            bytes.address() + at, content.length - at, at, 0));
                    if (count == 0) {
                        throw new IOException("writing to " + file + " failed: no room");
                    }
                    at += count;
                }
                return fd;
            } catch (IOException failed) {
                close(fd);
                throw failed;
            } finally {
                bytes.fill((byte) 0);
            }
        }
    }

    /** A second number for this descriptor. */
    public static int duplicate(int fd) {
        return (int) call(SyscallNumbers.DUP, fd, 0, 0, 0, 0);
    }

    /** The second number means from now on what the first did, which is closed. */
    public static void replace(int fd, int number) {
        assert fd != number : fd;
        call(SyscallNumbers.DUP3, fd, number, 0, 0, 0);
        close(fd);
    }

    public static void close(int fd) {
        call(SyscallNumbers.CLOSE, fd, 0, 0, 0, 0);
    }

    /** @return whether the file belongs to this user and this group now */
    static boolean chown(String file, int uid, int gid) {
        try (Arena arena = Arena.ofConfined()) {
            return call(SyscallNumbers.FCHOWNAT, AT_FDCWD, arena.allocateFrom(file).address(), uid,
                    gid, 0) == 0;
        }
    }

    /**
     * Marks every descriptor above 2 close-on-exec. The JVM opens its jars and Netty its sockets
     * without that mark, and a child would inherit them all.
     */
    static void markAllCloseOnExec() throws IOException {
        checked("close_range", call(SyscallNumbers.CLOSE_RANGE, FIRST_AFTER_STDERR, 0xffff_ffffL,
                CLOSE_RANGE_CLOEXEC, 0, 0));
    }

    /** The highest number of an open descriptor of this process. */
    static int highestDescriptor() {
        int highest = 2;
        String[] open = new File("/proc/self/fd").list();
        for (String number : open == null ? new String[0] : open) {
            highest = Math.max(highest, Integer.parseInt(number));
        }
        return highest;
    }

    /**
     * Takes the exit status of this child, never of another one.
     *
     * @return null while it lives, or when somebody else took the status
     */
    public static ExitStatus reap(long pid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
            long taken = call(SyscallNumbers.WAIT4, pid, status.address(), WNOHANG, 0, 0);
            return taken == pid ? new ExitStatus(status.get(ValueLayout.JAVA_INT, 0)) : null;
        }
    }

    /** The account of this name, or null: getpwnam(3), which asks all that the machine asks. */
    @SuppressWarnings("restricted")
    static Account account(String name) {
        try (Arena arena = Arena.ofConfined()) {
            long found = CLibrary.invoke(CLibrary.link("getpwnam"), CLibrary.errnoPlace(arena),
                    arena.allocateFrom(name).address(), 0, 0, 0, 0, 0);
            if (found == 0) {
                return null;
            }
            MemorySegment entry = MemorySegment.ofAddress(found)
                    .reinterpret(PASSWD_GID + Integer.BYTES);
            return new Account(name, entry.get(ValueLayout.JAVA_INT, PASSWD_UID),
                    entry.get(ValueLayout.JAVA_INT, PASSWD_GID));
        }
    }

    /** What an error number means, in the words of the C library: strerror(3). */
    @SuppressWarnings("restricted")
    static String errorText(int errno) {
        try (Arena arena = Arena.ofConfined()) {
            long text = CLibrary.invoke(CLibrary.link("strerror"), CLibrary.errnoPlace(arena),
                    errno, 0, 0, 0, 0, 0);
            return MemorySegment.ofAddress(text).reinterpret(ERROR_TEXT_BYTES).getString(0);
        }
    }
}
