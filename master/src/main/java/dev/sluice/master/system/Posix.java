package dev.sluice.master.system;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import jnr.constants.platform.Fcntl;
import jnr.posix.CmsgHdr;
import jnr.posix.MsgHdr;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.Passwd;

/**
 * The system calls that the JDK does not offer, through jnr-posix. Loading it costs about 300 ms
 * and 50 MB, so a short command never touches this class and a worker does not have it at all.
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
    private static final int O_NONBLOCK = 0x800;
    /** O_RDWR, O_CREAT, O_EXCL and O_CLOEXEC. */
    private static final int O_RDWR_CREATE_EXCLUSIVE = 2 | 0x40 | 0x80 | 0x80000;
    private static final int MODE_OWNER = 0600;
    private static final int WNOHANG = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SYS_CLOSE_RANGE = 436;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final int FIRST_AFTER_STDERR = 3;

    private static final POSIX NATIVE = POSIXFactory.getNativePOSIX();

    private Posix() {}

    static POSIX api() {
        return NATIVE;
    }

    public static int pid() {
        return NATIVE.getpid();
    }

    public static boolean isRoot() {
        return NATIVE.geteuid() == 0;
    }

    /** Whether the standard input or error is a terminal, whose keys and size send signals. */
    public static boolean onTerminal() {
        return NATIVE.isatty(0) == 1 || NATIVE.isatty(2) == 1;
    }

    /** @return false when the process does not exist or is not ours */
    public static boolean kill(long pid, int signal) {
        assert pid > 1 : pid;
        return NATIVE.kill(pid, signal) == 0;
    }

    /**
     * Gives a signal that is ignored its default action. A process inherits what its parent ignored
     * (signal(7)), as from nohup or from a shell that starts a job in the background, and the JVM
     * takes no handler for HUP, INT and TERM while they are.
     */
    public static void heed(int signal) throws IOException {
        if ((ignoredSignals() >>> signal - 1 & 1) != 0) {
            NATIVE.libc().signal(signal, null);
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
        int[] pair = new int[2];
        if (NATIVE.socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
            throw new IOException("socketpair failed: " + lastError());
        }
        return pair;
    }

    /** Makes the socket itself non-blocking, whoever holds a copy of the descriptor. */
    public static void setNonBlocking(int fd) {
        NATIVE.fcntlInt(fd, Fcntl.F_SETFL, O_NONBLOCK);
    }

    /** Sends a message over a connected unix socket, and a copy of this descriptor with it. */
    public static void sendDescriptor(int socket, byte[] message, int descriptor)
            throws IOException {
        // Memory of the heap has no address that the kernel could be given.
        ByteBuffer text = ByteBuffer.allocateDirect(message.length).put(message).flip();
        ByteBuffer passed = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.nativeOrder());
        MsgHdr header = NATIVE.allocateMsgHdr();
        header.setIov(new ByteBuffer[] {text});
        CmsgHdr control = header.allocateControl(Integer.BYTES);
        control.setLevel(SOL_SOCKET);
        control.setType(SCM_RIGHTS);
        control.setData(passed.putInt(descriptor).flip());
        if (NATIVE.sendmsg(socket, header, MSG_DONTWAIT) < 0) {
            throw new IOException("sendmsg failed: " + lastError());
        }
    }

    /**
     * A file without a name that holds this content: nobody can open it, and it is gone with its
     * last descriptor. The directory should be in memory, as /run is.
     */
    public static int unnamedFile(Path directory, byte[] content) throws IOException {
        Path file = directory.resolve("handed-" + pid());
        Files.deleteIfExists(file);
        int fd = NATIVE.open(file.toString(), O_RDWR_CREATE_EXCLUSIVE, MODE_OWNER);
        if (fd < 0) {
            throw new IOException("cannot make " + file + ": " + lastError());
        }
        Files.delete(file);
        for (int at = 0; at < content.length;) {
            byte[] rest = Arrays.copyOfRange(content, at, content.length);
            long count = NATIVE.write(fd, rest, rest.length);
            if (count <= 0) {
                close(fd);
                throw new IOException("cannot write to " + file + ": " + lastError());
            }
            at += (int) count;
        }
        return fd;
    }

    /** A second number for this descriptor. */
    public static int duplicate(int fd) {
        return NATIVE.dup(fd);
    }

    /** The second number means from now on what the first did, which is closed. */
    public static void replace(int fd, int number) {
        NATIVE.dup2(fd, number);
        NATIVE.close(fd);
    }

    public static void close(int fd) {
        NATIVE.close(fd);
    }

    /**
     * Marks every descriptor above 2 close-on-exec. The JVM opens its jars and Netty its sockets
     * without that mark, and a child would inherit them all.
     */
    static void markAllCloseOnExec() throws IOException {
        int failed =
                NATIVE.libc()
                        .syscall(SYS_CLOSE_RANGE, FIRST_AFTER_STDERR, -1, CLOSE_RANGE_CLOEXEC);
        if (failed != 0) {
            throw new IOException("close_range failed: " + lastError());
        }
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
        int[] status = new int[1];
        return NATIVE.waitpid(pid, status, WNOHANG) == pid ? new ExitStatus(status[0]) : null;
    }

    /** The account of this name, or null. */
    static Account account(String name) {
        Passwd entry = NATIVE.getpwnam(name);
        return entry == null
                ? null
                : new Account(name, (int) entry.getUID(), (int) entry.getGID());
    }

    static String lastError() {
        return NATIVE.strerror(NATIVE.errno());
    }
}
