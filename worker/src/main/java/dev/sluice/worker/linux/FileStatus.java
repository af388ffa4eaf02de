package dev.sluice.worker.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The answer of statx(2), filled in by {@link Libc#statx} again and again.
 *
 * <pre>
 *   28 mode:16 | 32 inode:64 | 40 size:64 | 112 mtime s:64 | 120 mtime ns:32 | 136 dev 32+32
 * </pre>
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class FileStatus {

    private static final long BYTES = 256;
    private static final int TYPE = 0xf000;
    private static final int REGULAR = 0x8000;
    private static final int DIRECTORY = 0x4000;
    private static final int LINK = 0xa000;

    private final MemorySegment statx = Arena.ofAuto().allocate(BYTES, 8);
    final long address = statx.address();

    public boolean isRegularFile() {
        return type() == REGULAR;
    }

    public boolean isDirectory() {
        return type() == DIRECTORY;
    }

    public boolean isLink() {
        return type() == LINK;
    }

    private int type() {
        return statx.get(ValueLayout.JAVA_SHORT, 28) & TYPE;
    }

    public long inode() {
        return statx.get(ValueLayout.JAVA_LONG, 32);
    }

    /** In bytes. */
    public long size() {
        return statx.get(ValueLayout.JAVA_LONG, 40);
    }

    /** Last modification in seconds since 1970; negative before. */
    public long mtimeSeconds() {
        return statx.get(ValueLayout.JAVA_LONG, 112);
    }

    /** The part of the last modification below a second, 0 to 999,999,999. */
    public int mtimeNs() {
        return statx.get(ValueLayout.JAVA_INT, 120);
    }

    /** Major and minor number of the file system's device. */
    public long device() {
        return (long) statx.get(ValueLayout.JAVA_INT, 136) << 32
                | statx.get(ValueLayout.JAVA_INT, 140) & 0xffff_ffffL;
    }
}
