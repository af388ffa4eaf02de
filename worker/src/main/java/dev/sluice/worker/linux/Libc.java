package dev.sluice.worker.linux;

import dev.sluice.common.linux.CLibrary;
import dev.sluice.common.linux.SyscallNumbers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * System calls by number; see {@link CLibrary}. A call costs 10 ns above the system call itself and
 * allocates nothing. Linked when this class is first used, so that a worker that serves no files
 * never pays; one that does asks for it at boot by {@link #prepare}.
 *
 * <p>Every call answers its result, or the error number negated. A call cut short by a signal is
 * made again. Addresses are native and must stay valid during the call.
 *
 * <p>Any thread: each has its own place for the error number.
 */
public final class Libc {

    /** {@link #openBeneath}: a path may not leave the directory, neither by dots nor by links. */
    public static final long RESOLVE_BENEATH = 0x08;
    /** {@link #openBeneath}: no part of the path may be a symbolic link. */
    public static final long RESOLVE_NO_SYMLINKS = 0x04;
    /** {@link #openBeneath}: links of /proc that lead to open descriptors are never followed. */
    public static final long RESOLVE_NO_MAGICLINKS = 0x02;

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_APPEND = 0x400;
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    /** Mode of a file: its owner may read and write it. */
    private static final int OWNER_ONLY = 0x180;
    /** Opening a pipe or a device does not wait for its other side. */
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_DIRECTORY = SyscallNumbers.O_DIRECTORY;
    public static final int O_NOFOLLOW = SyscallNumbers.O_NOFOLLOW;
    /** A place in the file system, which can be opened beneath but not read. */
    public static final int O_PATH = 0x200000;

    /** The directory of relative paths is the process's own. */
    public static final int AT_FDCWD = -100;
    /** {@link #statx}: the path is empty and the descriptor itself is meant. */
    public static final int AT_EMPTY_PATH = 0x1000;
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;

    /** Of struct sockaddr_in6 (ipv6(7)), the longest that an address of a datagram has. */
    public static final int NAME_BYTES = 28;

    private static final int PIECE_BYTES = 16 * 1024;
    private static final int MSG_MORE = 0x8000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_PEEK = 0x2;
    private static final int SPLICE_F_MOVE = 1;
    private static final int SPLICE_F_NONBLOCK = 2;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final long OPEN_HOW_BYTES = 24;

    private static final ThreadLocal<CallState> STATE = ThreadLocal.withInitial(CallState::new);
    /**
     * Set by the first ENOSYS: the kernel is older than 5.6, or a sandbox forbids the call. Every
     * thread that finds out writes the same value, and one that has not found out asks again.
     */
    private static boolean openat2Missing;

    private Libc() {}

    /** Links now, at boot, so that no request waits for it; does nothing the second time. */
    public static void prepare() {
        CLibrary.prepare();
        STATE.get();
    }

    /** Memory that a call needs beside its arguments. */
    private static final class CallState {
        final MemorySegment errno = CLibrary.errnoPlace(Arena.ofAuto());
        final MemorySegment openHow = Arena.ofAuto().allocate(OPEN_HOW_BYTES, 8);
        final long openHowAddress = openHow.address();
        final MemorySegment dot = Arena.ofAuto().allocate(2);
        final long dotAddress = dot.address();
        final MemorySegment empty = Arena.ofAuto().allocate(1);
        final long emptyAddress = empty.address();

        CallState() {
            dot.asByteBuffer().put((byte) '.');
        }
    }

    private static long call(CallState state, long number, long a, long b, long c, long d, long e,
            long f) {
        return CLibrary.syscall(state.errno, number, a, b, c, d, e, f);
    }

    /**
     * Sends a part of a file without copying it through the process: sendfile(2).
     *
     * @return bytes sent, 0 behind the end of the file, or a negated error number
     */
    public static long sendfile(int outFd, int inFd, long offset, long count) {
        CallState state = STATE.get();
        // The kernel reads the offset from memory; the record of openat2 is free for it here.
        state.openHow.set(ValueLayout.JAVA_LONG, 0, offset);
        return call(state, SyscallNumbers.SENDFILE, outFd, inFd, state.openHowAddress, count,
                0, 0);
    }

    /** Sends bytes that the kernel holds back until more follow, so that packets are filled. */
    public static long sendMore(int fd, long address, long length) {
        return call(STATE.get(), SyscallNumbers.SENDTO, fd, address, length,
                MSG_MORE | MSG_NOSIGNAL, 0, 0);
    }

    /**
     * Receives a datagram: recvfrom(2), without waiting. What does not fit is cut off.
     *
     * @param name memory of {@link #NAME_BYTES} for the sender's address (struct sockaddr), or 0
     * @param nameLength memory of four bytes for its length, or 0
     * @return bytes of the datagram, maybe 0, or a negated error number
     */
    public static long receive(int fd, long address, long length, long name, long nameLength) {
        return call(STATE.get(), SyscallNumbers.RECVFROM, fd, address, length, MSG_DONTWAIT, name,
                nameLength);
    }

    /** Sends a datagram: sendto(2), without waiting. @return as {@link #receive} */
    public static long send(int fd, long address, long length, long name, long nameLength) {
        return call(STATE.get(), SyscallNumbers.SENDTO, fd, address, length,
                MSG_DONTWAIT | MSG_NOSIGNAL, name, nameLength);
    }

    /** @return another number for what the first stands for, or a negated error number */
    public static int copy(int fd) {
        return (int) call(STATE.get(), SyscallNumbers.FCNTL, fd, F_DUPFD_CLOEXEC, 0, 0, 0, 0);
    }

    /**
     * Moves bytes between a pipe and a socket without copying them: splice(2). Neither side is
     * waited for.
     *
     * @return bytes moved, 0 at the end of the input, or a negated error number
     */
    static long splice(int inFd, int outFd, long count) {
        return call(STATE.get(), SyscallNumbers.SPLICE, inFd, 0, outFd, 0, count,
                SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    }

    /** @return both ends of a new pipe: what is read from in the low half; or a negated error */
    static long pipe() {
        CallState state = STATE.get();
        // Two descriptors of four bytes; the record of openat2 is free for them here.
        long result = call(state, SyscallNumbers.PIPE2, state.openHowAddress,
                O_CLOEXEC | O_NONBLOCK, 0, 0, 0, 0);
        return result < 0 ? result : state.openHow.get(ValueLayout.JAVA_LONG, 0);
    }

    /** @return how much the pipe holds from now on, or a negated error number */
    static long setPipeBytes(int fd, long count) {
        return call(STATE.get(), SyscallNumbers.FCNTL, fd, F_SETPIPE_SZ, count, 0, 0, 0);
    }

    /**
     * Looks at what a socket has received and leaves it there: recv(2) with MSG_PEEK.
     *
     * @return bytes seen, 0 at the end, or a negated error number
     */
    public static long peek(int fd, long address, long length) {
        return call(STATE.get(), SyscallNumbers.RECVFROM, fd, address, length, MSG_PEEK, 0, 0);
    }

    /**
     * Opens a relative path below a directory: openat2(2). Where the kernel lacks it, the path is
     * opened component by component and no symbolic link is followed at all, which refuses more
     * than asked but never less. Without RESOLVE flags it is a plain openat(2).
     *
     * @param pathAddress bytes of the path ended by NUL; changed during the call and put back
     * @return a descriptor, or a negated error number
     */
    public static int openBeneath(int dirFd, long pathAddress, int flags, long resolve) {
        CallState state = STATE.get();
        if (resolve == 0) {
            return (int) openAt(state, dirFd, pathAddress, flags);
        }
        if (!openat2Missing) {
            state.openHow.set(ValueLayout.JAVA_LONG, 0, flags);
            state.openHow.set(ValueLayout.JAVA_LONG, 8, 0);
            state.openHow.set(ValueLayout.JAVA_LONG, 16, resolve);
            long fd;
            int tries = 0;
            do {
                // EAGAIN: a rename somewhere in the tree raced with the look-up of "..".
                fd = call(state, SyscallNumbers.OPENAT2, dirFd, pathAddress,
                        state.openHowAddress, OPEN_HOW_BYTES, 0, 0);
            } while (fd == -Errno.EAGAIN && ++tries < 8);
            if (fd != -Errno.ENOSYS) {
                return (int) fd;
            }
            openat2Missing = true;
        }
        return openByComponents(dirFd, pathAddress, flags);
    }

    private static long openAt(CallState state, int dirFd, long pathAddress, int flags) {
        return call(state, SyscallNumbers.OPENAT, dirFd, pathAddress, flags, 0, 0, 0);
    }

    /** What {@link #openBeneath} does without openat2(2). Visible for tests. */
    @SuppressWarnings("restricted")
    static int openByComponents(int dirFd, long pathAddress, int flags) {
        CallState state = STATE.get();
        MemorySegment path = MemorySegment.ofAddress(pathAddress).reinterpret(Long.MAX_VALUE);
        int directory = dirFd;
        long from = 0;
        while (true) {
            long end = from;
            while (path.get(ValueLayout.JAVA_BYTE, end) != 0
                    && path.get(ValueLayout.JAVA_BYTE, end) != '/') {
                end++;
            }
            boolean last = path.get(ValueLayout.JAVA_BYTE, end) == 0;
            if (from == end && !last || isDotDot(path, from, end)) {
                closeUnless(directory, dirFd);
                return -Errno.EXDEV;
            }
            int how = last ? flags | O_NOFOLLOW
                    : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
            long next;
            if (last) {
                // Behind a slash at the end nothing follows: the directory itself is meant.
                long name = from == end ? state.dotAddress : pathAddress + from;
                next = openAt(state, directory, name, how);
            } else {
                path.set(ValueLayout.JAVA_BYTE, end, (byte) 0);
                next = openAt(state, directory, pathAddress + from, how);
                path.set(ValueLayout.JAVA_BYTE, end, (byte) '/');
            }
            closeUnless(directory, dirFd);
            if (last || next < 0) {
                return (int) next;
            }
            directory = (int) next;
            from = end + 1;
        }
    }

    private static boolean isDotDot(MemorySegment path, long from, long end) {
        return end - from == 2 && path.get(ValueLayout.JAVA_BYTE, from) == '.'
                && path.get(ValueLayout.JAVA_BYTE, from + 1) == '.';
    }

    private static void closeUnless(int fd, int keptFd) {
        if (fd != keptFd) {
            close(fd);
        }
    }

    /** Opens a directory to look things up in; links on the way to it are followed. */
    public static int openDirectory(long pathAddress) {
        return (int) openAt(STATE.get(), AT_FDCWD, pathAddress,
                O_PATH | O_DIRECTORY | O_CLOEXEC);
    }

    /** What a path is, seen from a directory. @return 0 or a negated error number */
    public static int statx(int dirFd, long pathAddress, int flags, FileStatus into) {
        return (int) call(STATE.get(), SyscallNumbers.STATX, dirFd, pathAddress, flags,
                STATX_BASIC_STATS, into.address, 0);
    }

    /** What an open descriptor is. @return 0 or a negated error number */
    public static int fstat(int fd, FileStatus into) {
        CallState state = STATE.get();
        return (int) call(state, SyscallNumbers.STATX, fd, state.emptyAddress, AT_EMPTY_PATH,
                STATX_BASIC_STATS, into.address, 0);
    }

    /** @return bytes read, 0 at the end of the file, or a negated error number */
    public static long pread(int fd, long address, long count, long offset) {
        return call(STATE.get(), SyscallNumbers.PREAD64, fd, address, count, offset, 0, 0);
    }

    /** @return bytes written, fewer than asked for on a full disk, or a negated error number */
    public static long pwrite(int fd, long address, long count, long offset) {
        return call(STATE.get(), SyscallNumbers.PWRITE64, fd, address, count, offset, 0, 0);
    }

    /** Makes a file that is not there yet, for its owner alone. @return as {@link #openBeneath} */
    public static int create(long pathAddress) {
        return (int) call(STATE.get(), SyscallNumbers.OPENAT, AT_FDCWD, pathAddress,
                O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, OWNER_ONLY, 0, 0);
    }

    /**
     * Reads entries of an open directory: getdents64(2).
     *
     * @return bytes of entries (struct linux_dirent64), 0 at the end, or a negated error number
     */
    public static int directoryEntries(int fd, long address, int count) {
        return (int) call(STATE.get(), SyscallNumbers.GETDENTS64, fd, address, count, 0, 0, 0);
    }

    /** Opens by a path from the process's own directory. @return as {@link #openBeneath} */
    public static int open(long pathAddress, int flags) {
        return (int) openAt(STATE.get(), AT_FDCWD, pathAddress, flags);
    }

    /**
     * The second number means from now on what the first does, in one step: whoever writes to it
     * meanwhile writes to the one or to the other. @return that number, or a negated error number
     */
    public static int duplicate(int fd, int onto) {
        return (int) call(STATE.get(), SyscallNumbers.DUP3, fd, onto, 0, 0, 0, 0);
    }

    /** @return 0 or a negated error number; the descriptor is gone either way */
    public static int close(int fd) {
        return (int) call(STATE.get(), SyscallNumbers.CLOSE, fd, 0, 0, 0, 0, 0);
    }

    /**
     * All of a file from its beginning, wherever the descriptor stands: others may share it.
     *
     * @throws IOException with the error number of the call that failed
     */
    public static byte[] readAndClose(int fd) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment piece = arena.allocate(PIECE_BYTES);
            long count;
            while ((count = pread(fd, piece.address(), PIECE_BYTES, all.size())) > 0) {
                all.write(piece.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
            }
            piece.fill((byte) 0);
            if (count < 0) {
                throw new IOException("pread failed with error " + -count);
            }
            return all.toByteArray();
        } finally {
            close(fd);
        }
    }
}
