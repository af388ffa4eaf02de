package dev.sluice.worker.statics;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A canonical path as the name of a file below a root: ended by NUL, in native memory, for system
 * calls. Refuses what no name of a file can be, whoever made the path.
 *
 * <p>Owner: event loop. Overwritten by the next {@link #make}.
 */
final class RelativePath {

    /** PATH_MAX of Linux, with the NUL. */
    static final int BYTES_MAX = 4096;

    private final ByteBuffer bytes =
            ByteBuffer.allocateDirect(BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
    final long address = MemorySegment.ofBuffer(bytes).address();
    private int length;

    /** @return false when no file can have this name */
    boolean make(FileRoot root, ByteBuffer path, int offset, int pathLength) {
        length = 0;
        byte[] fileName = root.fileName();
        if (fileName.length > 0) {
            bytes.put(0, fileName, 0, fileName.length);
            length = fileName.length;
        }
        int at = offset + root.stripped(path, offset, pathLength);
        int end = offset + pathLength;
        int componentFrom = length;
        // A relative name must not start with a slash: that would be an absolute one.
        boolean afterSlash = fileName.length == 0;
        if (!afterSlash && at < end && path.get(at) != '/') {
            // Below a file there is nothing; its name must not run into what follows.
            return false;
        }
        while (at < end) {
            byte c = path.get(at++);
            if (c == '/') {
                if (afterSlash) {
                    continue;
                }
                if (isDots(componentFrom)) {
                    return false;
                }
                afterSlash = true;
            } else {
                if (c == '%') {
                    // PathNormaliser leaves two escapes: %25, a percent sign, and %2F, a slash
                    // within a component, which no file's name has.
                    if (end - at < 2 || path.get(at) != '2' || path.get(at + 1) != '5') {
                        return false;
                    }
                    at += 2;
                }
                if (c == 0) {
                    return false;
                }
                if (afterSlash || length == 0) {
                    componentFrom = length;
                }
                afterSlash = false;
            }
            if (length == BYTES_MAX - 2) {
                return false;
            }
            bytes.put(length++, c);
        }
        if (isDots(componentFrom)) {
            return false;
        }
        if (length == 0) {
            bytes.put(length++, (byte) '.');
        }
        bytes.put(length, (byte) 0);
        return true;
    }

    /** Dot segments were removed long before; if one is here, something is wrong. */
    private boolean isDots(int from) {
        int count = length - from;
        return count == 1 && bytes.get(from) == '.'
                || count == 2 && bytes.get(from) == '.' && bytes.get(from + 1) == '.';
    }

    /** The same as a directory that names can be put behind; without NUL. */
    byte[] directory() {
        byte[] copy = new byte[endsWithSlash() ? length : length + 1];
        bytes.get(0, copy, 0, length);
        copy[copy.length - 1] = '/';
        return copy;
    }

    boolean endsWithSlash() {
        return length > 0 && bytes.get(length - 1) == '/';
    }

    /** For log lines. */
    @Override
    public String toString() {
        byte[] copy = new byte[length];
        bytes.get(0, copy);
        return new String(copy, StandardCharsets.UTF_8);
    }
}
