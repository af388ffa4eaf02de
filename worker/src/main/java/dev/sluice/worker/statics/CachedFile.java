package dev.sluice.worker.statics;

import java.nio.ByteBuffer;

/**
 * What is known of one path below one root: a file, a directory, or why there is neither. Stays
 * alive while an exchange uses it, even when the cache has replaced it long ago.
 *
 * <p>Owner: event loop. All but {@code users}, the times, {@code bodySerial} and the places in the
 * cache is fixed once the entry has been filled in.
 */
final class CachedFile {

    /** What the path leads to. */
    enum Kind {
        FILE, DIRECTORY,
        /** Nothing that can be served: {@code errno} says why. */
        NONE,
        /** A pipe, a socket or a device: never served. */
        SPECIAL
    }

    static final int NO_BLOCK = -1;

    /** Key: the root's number and the canonical path, in memory of its own. */
    final FileRoot root;
    final int rootId;
    final ByteBuffer path;
    final int pathLength;
    final long hash;

    Kind kind = Kind.NONE;
    int errno;
    /** -1 when the content is in memory, and for everything that is not a file. */
    int fd = -1;
    long device;
    long inode;
    long size;
    long mtimeSeconds;
    int mtimeNs;
    /** Changed so shortly before it was read that another change could look the same. */
    boolean unsettled;

    /** Content of a small file: block of the pool, or {@link #NO_BLOCK}. */
    int block = NO_BLOCK;
    ByteBuffer content;
    int contentOffset;

    /** Values of headers. The type is null when the location's default applies. */
    byte[] mediaType;
    byte[] etag;
    byte[] lastModified;
    /** The time in {@code lastModified}. */
    long lastModifiedSeconds;

    /** Of its content, for {@code ClientStream.sameBody}; 0 until it is sent first. */
    long bodySerial;

    /** Loop time of the last look at the file system, and of the last use. */
    long checkedNs;
    long usedNs;
    /** Exchanges that use it now. */
    int users;
    /** Whether the cache still finds it. */
    boolean cached;
    /** Neighbours in the order of use. */
    CachedFile newer;
    CachedFile older;

    CachedFile(FileRoot root, ByteBuffer path, int pathLength, long hash) {
        this.root = root;
        this.rootId = root == null ? -1 : root.id();
        this.path = path;
        this.pathLength = pathLength;
        this.hash = hash;
    }

    boolean isFile() {
        return kind == Kind.FILE;
    }

    boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }

    /** Whether a new look at the file system found the same thing unchanged. */
    boolean isStill(CachedFile found) {
        return kind == found.kind && errno == found.errno && !unsettled
                && inode == found.inode && device == found.device && size == found.size
                && mtimeSeconds == found.mtimeSeconds && mtimeNs == found.mtimeNs;
    }
}
