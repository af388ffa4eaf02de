package dev.sluice.worker.statics;

import dev.sluice.common.clock.Clock;
import dev.sluice.worker.http.HttpDate;
import dev.sluice.worker.linux.Errno;
import dev.sluice.worker.linux.FileStatus;
import dev.sluice.worker.linux.Libc;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Fills in entries from the file system: the only place of this package that opens files.
 *
 * <p>Owner: event loop, which waits for the file system here and nowhere else.
 */
final class FileOpener {

    /** A pipe without a writer, or a device, must not hold up the loop. */
    private static final int OPEN_FILE = Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC;
    /** A directory that may be searched need not be readable. */
    private static final int OPEN_PLACE = Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC;
    /** Within this time two changes of a file can carry the same time of modification. */
    private static final long SETTLE_MS = 1000;

    private final Clock clock;
    private final MediaTypes types;
    private final ContentPool contents;
    private final FileStatus status = new FileStatus();
    private final RelativePath name = new RelativePath();

    FileOpener(Clock clock, MediaTypes types, ContentPool contents) {
        this.clock = clock;
        this.types = types;
        this.contents = contents;
    }

    FileStatus status() {
        return status;
    }

    /** Opens what the path leads to and says what it is; {@link #complete} does the rest. */
    void open(CachedFile f) {
        f.kind = CachedFile.Kind.NONE;
        if (f.root.fd() < 0) {
            f.errno = -f.root.fd();
            return;
        }
        if (!name.make(f.root, f.path, 0, f.pathLength)) {
            f.errno = Errno.ENOENT;
            return;
        }
        int flags = name.endsWithSlash() ? OPEN_PLACE : OPEN_FILE;
        int fd = Libc.openBeneath(f.root.fd(), name.address, flags, f.root.resolve);
        if (fd < 0) {
            f.errno = -fd;
            return;
        }
        int result = Libc.fstat(fd, status);
        if (result < 0) {
            Libc.close(fd);
            f.errno = -result;
            return;
        }
        f.errno = 0;
        f.device = status.device();
        f.inode = status.inode();
        f.size = status.size();
        f.mtimeSeconds = status.mtimeSeconds();
        f.mtimeNs = status.mtimeNs();
        if (status.isRegularFile()) {
            f.kind = CachedFile.Kind.FILE;
            f.fd = fd;
            return;
        }
        f.kind = status.isDirectory() ? CachedFile.Kind.DIRECTORY : CachedFile.Kind.SPECIAL;
        Libc.close(fd);
    }

    /** Prepares what answers with this file need; reads a small one. */
    void complete(CachedFile f) {
        if (!f.isFile()) {
            return;
        }
        long nowMs = clock.nowMs();
        long ageMs = nowMs - f.mtimeSeconds * 1000 - f.mtimeNs / 1_000_000;
        f.unsettled = ageMs < SETTLE_MS;
        f.mediaType = types.of(f.path, 0, f.pathLength);
        String tag = "\"" + Long.toHexString(f.mtimeSeconds) + "-" + Long.toHexString(f.size)
                + "\"";
        f.etag = tag.getBytes(StandardCharsets.US_ASCII);
        // RFC 9110 §8.8.2.1: never later than the answer's own date.
        f.lastModifiedSeconds = Math.clamp(f.mtimeSeconds, 0, Math.floorDiv(nowMs, 1000));
        f.lastModified = new byte[HttpDate.LENGTH];
        HttpDate.format(f.lastModifiedSeconds * 1000, f.lastModified, 0);
        if (f.size <= ContentPool.BLOCK_BYTES_MAX) {
            readContent(f);
        }
    }

    private void readContent(CachedFile f) {
        int bytes = Math.max(1, (int) f.size);
        int block = contents.take(bytes);
        if (block < 0) {
            return;
        }
        if (readFully(f.fd, contents.address(block, bytes), f.size)) {
            f.block = block;
            f.content = contents.buffer(block);
            f.contentOffset = contents.offset(block, bytes);
            Libc.close(f.fd);
            f.fd = -1;
        } else {
            // Changed or unreadable just now: sending it by its descriptor will tell.
            contents.giveBack(block, bytes);
        }
    }

    private static boolean readFully(int fd, long address, long size) {
        long done = 0;
        while (done < size) {
            long n = Libc.pread(fd, address + done, size - done, done);
            if (n <= 0) {
                return false;
            }
            done += n;
        }
        return true;
    }

    /** Gives back descriptor and memory. */
    void discard(CachedFile f) {
        assert f.users == 0 && !f.cached;
        if (f.fd >= 0) {
            Libc.close(f.fd);
            f.fd = -1;
        }
        if (f.block != CachedFile.NO_BLOCK) {
            contents.giveBack(f.block, Math.max(1, (int) f.size));
            f.block = CachedFile.NO_BLOCK;
            f.content = null;
        }
    }

    /** Where a directory is below its root, with a slash at its end. */
    byte[] directoryOf(CachedFile f) {
        boolean good = name.make(f.root, f.path, 0, f.pathLength);
        assert good && f.isDirectory();
        return name.directory();
    }

    /** The file's whole name, for log lines. */
    String nameOf(CachedFile f) {
        String directory = f.root.directory();
        return name.make(f.root, f.path, 0, f.pathLength)
                ? directory + (directory.endsWith("/") ? "" : "/") + name
                : directory + StandardCharsets.UTF_8.decode(
                        ByteBuffer.wrap(f.path.array(), 0, f.pathLength));
    }
}
