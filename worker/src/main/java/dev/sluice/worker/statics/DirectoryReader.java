package dev.sluice.worker.statics;

import dev.sluice.common.config.StaticConfig.Symlinks;
import dev.sluice.worker.http1.PathNormaliser;
import dev.sluice.worker.linux.FileStatus;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.statics.DirectoryEntry.Type;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what is in a directory, for a list. Shown is what would be served: no names that begin with
 * a dot or that no request may have in its path (such as one with a line feed), and links only
 * where they lead to what may be served.
 *
 * <pre>
 *   struct linux_dirent64:  0 inode:64 | 8 offset:64 | 16 length:16 | 18 type:8 | 19 name, NUL
 * </pre>
 *
 * <p>Owner: the thread that uses it, for one directory.
 */
final class DirectoryReader {

    static final int ENTRIES_MAX = 10_000;

    private static final int PIECE_BYTES = 32 * 1024;
    private static final int LENGTH_AT = 16;
    private static final int NAME_AT = 19;

    private final int rootFd;
    private final byte[] path;
    private final Symlinks symlinks;
    private final long resolve;
    private final FileStatus status = new FileStatus();
    private int errno;

    /**
     * @param rootFd the open root; lent until {@link #read} has returned
     * @param path of the directory, relative to the root and with a slash at its end
     */
    DirectoryReader(int rootFd, byte[] path, Symlinks symlinks, long resolve) {
        this.rootFd = rootFd;
        this.path = path;
        this.symlinks = symlinks;
        this.resolve = resolve;
    }

    /** @return null with an error number in {@link #errno} */
    List<DirectoryEntry> read() {
        try (Arena arena = Arena.ofConfined()) {
            int fd = Libc.openBeneath(rootFd, text(arena, path, new byte[0]).address(),
                    Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, resolve);
            if (fd < 0) {
                errno = -fd;
                return null;
            }
            try {
                return read(fd, arena);
            } finally {
                Libc.close(fd);
            }
        }
    }

    int errno() {
        return errno;
    }

    private List<DirectoryEntry> read(int fd, Arena arena) {
        List<DirectoryEntry> all = new ArrayList<>();
        MemorySegment piece = arena.allocate(PIECE_BYTES, 8);
        while (all.size() < ENTRIES_MAX) {
            int count = Libc.directoryEntries(fd, piece.address(), PIECE_BYTES);
            if (count <= 0) {
                errno = -count;
                return count == 0 ? all : null;
            }
            int at = 0;
            while (at < count && all.size() < ENTRIES_MAX) {
                int length = piece.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + LENGTH_AT);
                take(fd, name(piece, at + NAME_AT), all);
                at += length;
            }
        }
        return all;
    }

    private static byte[] name(MemorySegment piece, int at) {
        int end = at;
        while (piece.get(ValueLayout.JAVA_BYTE, end) != 0) {
            end++;
        }
        return piece.asSlice(at, end - at).toArray(ValueLayout.JAVA_BYTE);
    }

    private void take(int fd, byte[] name, List<DirectoryEntry> all) {
        if (name.length == 0 || name[0] == '.' || !PathNormaliser.takesName(name)) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment own = text(arena, new byte[0], name);
            // What has gone since is left out, as is what may not be looked at.
            if (Libc.statx(fd, own.address(), Libc.AT_SYMLINK_NOFOLLOW, status) < 0
                    || status.isLink() && !followed(arena, name)) {
                return;
            }
        }
        Type type = status.isDirectory() ? Type.DIRECTORY
                : status.isRegularFile() ? Type.FILE : Type.OTHER;
        all.add(new DirectoryEntry(name, new String(name, StandardCharsets.UTF_8), type,
                status.size(), status.mtimeSeconds()));
    }

    /** Whether a link leads to something that is served; its status is the one it leads to. */
    private boolean followed(Arena arena, byte[] name) {
        if (symlinks == Symlinks.ON) {
            return false;
        }
        int fd = Libc.openBeneath(rootFd, text(arena, path, name).address(),
                Libc.O_PATH | Libc.O_CLOEXEC, resolve);
        if (fd < 0) {
            return false;
        }
        int result = Libc.fstat(fd, status);
        Libc.close(fd);
        return result == 0;
    }

    private static MemorySegment text(Arena arena, byte[] first, byte[] second) {
        MemorySegment text = arena.allocate(first.length + second.length + 1L);
        MemorySegment.copy(first, 0, text, ValueLayout.JAVA_BYTE, 0, first.length);
        MemorySegment.copy(second, 0, text, ValueLayout.JAVA_BYTE, first.length, second.length);
        return text;
    }
}
