package dev.sluice.worker.coding;

import dev.sluice.worker.linux.Libc;
import java.nio.ByteBuffer;

/**
 * What a handler has lent and has not been read yet: memory, or a part of a file.
 *
 * <p>Owner: as {@link Coder}; a part of its {@link CodedBody}. A file may have been closed while
 * the thread beside the loop reads it, if the exchange has ended: nobody gets what comes of it.
 */
final class BodySource {

    /** {@link #read}: the file is shorter than it was. */
    static final int SHRANK = -1;
    /** {@link #read}: the file cannot be read. */
    static final int FAILED = -2;

    private ByteBuffer memory;
    private int memoryAt;
    private int memoryEnd;
    private int fd;
    private long fileAt;
    private long fileEnd;

    void drop() {
        memory = null;
        fileAt = 0;
        fileEnd = 0;
    }

    boolean isEmpty() {
        return memory == null && fileAt == fileEnd;
    }

    /** Bytes of a file that have not been read. */
    long fileBytes() {
        return fileEnd - fileAt;
    }

    void lend(ByteBuffer lent, int offset, int length) {
        assert isEmpty() && length > 0;
        memory = lent;
        memoryAt = offset;
        memoryEnd = offset + length;
    }

    void file(int descriptor, long offset, long length) {
        assert isEmpty() && length > 0;
        fd = descriptor;
        fileAt = offset;
        fileEnd = offset + length;
    }

    /** Reads into {@code [at, Coder.INPUT_BYTES)}. @return bytes, or below zero */
    int read(ByteBuffer into, long address, int at) {
        int room = Coder.INPUT_BYTES - at;
        if (room == 0) {
            return 0;
        }
        if (memory != null) {
            int count = Math.min(room, memoryEnd - memoryAt);
            into.put(at, memory, memoryAt, count);
            memoryAt += count;
            memory = memoryAt == memoryEnd ? null : memory;
            return count;
        }
        if (fileAt == fileEnd) {
            return 0;
        }
        long count = Libc.pread(fd, address + at, Math.min(room, fileEnd - fileAt), fileAt);
        if (count <= 0) {
            return count == 0 ? SHRANK : FAILED;
        }
        fileAt += count;
        return (int) count;
    }
}
