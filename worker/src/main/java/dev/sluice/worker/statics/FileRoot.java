package dev.sluice.worker.statics;

import dev.sluice.common.config.StaticConfig.Symlinks;
import dev.sluice.worker.linux.Errno;
import dev.sluice.worker.linux.FileStatus;
import dev.sluice.worker.linux.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A directory that files are looked up in, held open, and the rule by which a path becomes a name
 * in it. The directory's own name may be a symbolic link and is looked at again now and then, so
 * that a link switched to another directory is followed as a whole.
 *
 * <p>Owner: event loop.
 */
final class FileRoot {

    /** How much of a path is replaced by the directory. */
    enum Strip {
        /** {@code root}: nothing, the whole path is looked up. */
        NOTHING,
        /** {@code alias} of a prefix: the location's prefix. */
        PREFIX,
        /** {@code alias} of an exact path or a regular expression: all of it. */
        EVERYTHING
    }

    private static int lastId;

    final String name;
    final Strip strip;
    final byte[] prefix;
    final Symlinks symlinks;
    /** RESOLVE flags for openat2(2). */
    final long resolve;
    private final long nameAddress;
    private final String parent;
    private final long parentAddress;
    private final byte[] ownName;
    /** Keeps the two names' memory. */
    private final Arena arena = Arena.ofAuto();

    private int id = ++lastId;
    private int fd = -1;
    private int errno = Errno.ENOENT;
    /** The name is a file's: its directory is open in its place. */
    private boolean isFile;
    private long device;
    private long inode;
    private boolean checked;
    private long checkedNs;

    FileRoot(String name, Strip strip, String prefix, Symlinks symlinks) {
        this.name = name.length() > 1 && name.endsWith("/")
                ? name.substring(0, name.length() - 1) : name;
        this.strip = strip;
        this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
        this.symlinks = symlinks;
        this.resolve = switch (symlinks) {
            case OFF -> 0;
            case IF_OUTSIDE_ROOT -> Libc.RESOLVE_BENEATH | Libc.RESOLVE_NO_MAGICLINKS;
            case ON -> Libc.RESOLVE_BENEATH | Libc.RESOLVE_NO_SYMLINKS;
        };
        int slash = this.name.lastIndexOf('/');
        this.parent = slash > 0 ? this.name.substring(0, slash) : "/";
        this.ownName = this.name.substring(slash + 1).getBytes(StandardCharsets.UTF_8);
        this.nameAddress = text(this.name);
        this.parentAddress = text(parent);
    }

    /** As C has it. Not by {@code allocateFrom}, which takes 8 ms to link at every start. */
    private long text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        MemorySegment copy = arena.allocate(bytes.length + 1);
        copy.asByteBuffer().put(bytes);
        return copy.address();
    }

    /** Changes whenever another directory has taken the place of the last one. */
    int id() {
        return id;
    }

    /** The open directory, or a negated error number. */
    int fd() {
        return fd >= 0 ? fd : -errno;
    }

    /** The directory that is open, for log lines. */
    String directory() {
        return isFile ? parent : name;
    }

    /** The name of the file in {@link #directory} when the root itself is a file; else empty. */
    byte[] fileName() {
        return isFile ? ownName : NO_NAME;
    }

    private static final byte[] NO_NAME = new byte[0];

    /**
     * Looks whether the name still leads to the open directory, and opens the one it leads to.
     *
     * @return the id that is void from now on, 0 when nothing has changed
     */
    int refresh(long nowNs, long validNs, FileStatus status) {
        if (checked && nowNs - checkedNs < validNs) {
            return 0;
        }
        checked = true;
        checkedNs = nowNs;
        boolean file = false;
        int result = Libc.statx(Libc.AT_FDCWD, nameAddress, 0, status);
        if (result == 0 && !status.isDirectory()) {
            file = true;
            result = Libc.statx(Libc.AT_FDCWD, parentAddress, 0, status);
        }
        if (result == 0 && fd >= 0 && file == isFile && status.inode() == inode
                && status.device() == device) {
            return 0;
        }
        boolean wasOpen = fd >= 0;
        if (result == 0) {
            result = open(file, status);
        }
        if (result < 0) {
            close();
            errno = -result;
        }
        if (!wasOpen && fd < 0) {
            return 0;
        }
        int before = id;
        id = ++lastId;
        return before;
    }

    private int open(boolean file, FileStatus status) {
        int opened = Libc.openDirectory(file ? parentAddress : nameAddress);
        if (opened < 0) {
            return opened;
        }
        // What was looked at and what was opened may differ: the open one counts.
        int result = Libc.fstat(opened, status);
        if (result < 0) {
            Libc.close(opened);
            return result;
        }
        close();
        fd = opened;
        isFile = file;
        inode = status.inode();
        device = status.device();
        return 0;
    }

    void close() {
        if (fd >= 0) {
            Libc.close(fd);
            fd = -1;
        }
    }

    /** How many bytes of the path the directory stands for. */
    int stripped(ByteBuffer b, int offset, int length) {
        return switch (strip) {
            case NOTHING -> 0;
            case EVERYTHING -> length;
            case PREFIX -> endsAtSlash(b, offset, length) ? prefix.length : 0;
        };
    }

    /**
     * A prefix stands for the directory only where a component ends: with the prefix {@code /i}
     * the path {@code /i-other/x} is looked up whole below the directory, not beside it.
     */
    private boolean endsAtSlash(ByteBuffer b, int offset, int length) {
        int count = prefix.length;
        if (length < count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (b.get(offset + i) != prefix[i]) {
                return false;
            }
        }
        return count == 0 || prefix[count - 1] == '/' || length == count
                || b.get(offset + count) == '/';
    }
}
