package dev.sluice.worker.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file on a disk that takes as many bytes as the test says, or fails. One test thread. */
final class FailingChannel extends FileChannel {
    private final FileChannel file;

    private final Disk disk;

    FailingChannel(FileChannel file, Disk disk) {
        this.file = file;
        this.disk = disk;
    }

    @Override
    public int write(ByteBuffer src) throws IOException {
        int n = (int) Math.min(disk.room, Math.min(disk.writeBytesMax, src.remaining()));
        if (n == 0 && src.hasRemaining()) {
            throw new IOException("No space left on device");
        }
        ByteBuffer part = src.slice(src.position(), n);
        while (part.hasRemaining()) {
            file.write(part);
        }
        src.position(src.position() + n);
        disk.room -= n;
        return n;
    }

    @Override
    protected void implCloseChannel() throws IOException {
        file.close();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("a log is only appended to");
    }

    @Override
    public int read(ByteBuffer dst) {
        throw unused();
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) {
        throw unused();
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) {
        throw unused();
    }

    @Override
    public long position() {
        throw unused();
    }

    @Override
    public FileChannel position(long newPosition) {
        throw unused();
    }

    @Override
    public long size() {
        throw unused();
    }

    @Override
    public FileChannel truncate(long size) {
        throw unused();
    }

    @Override
    public void force(boolean metaData) {
        throw unused();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
        throw unused();
    }

    @Override
    public long transferFrom(ReadableByteChannel src, long position, long count) {
        throw unused();
    }

    @Override
    public int read(ByteBuffer dst, long position) {
        throw unused();
    }

    @Override
    public int write(ByteBuffer src, long position) {
        throw unused();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        throw unused();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
        throw unused();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
        throw unused();
    }

    /** What all files of one disk share. */
    static final class Disk {
        /** Bytes that the disk still takes. */
        long room = Long.MAX_VALUE;

        /** The most bytes of one write. */
        int writeBytesMax = Integer.MAX_VALUE;
    }
}
