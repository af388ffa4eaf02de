package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheFolder;
import dev.sluice.common.cache.CacheIndex;
import dev.sluice.common.cache.CacheRecord;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.linux.Errno;
import dev.sluice.worker.linux.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes an answer down while it comes: into a slab, and when it outgrows that into a file beside
 * the others, which gets its name when it is complete. Files are written by the cache's side
 * thread; while it reads memory of the peer's connection, nothing more is read from there.
 *
 * <p>Owner: event loop; what is handed to the side thread is left alone until it is back.
 */
final class Recorder {

    private static final int COPY_BYTES = 64 * 1024;
    /** In place of an error number: the file that a body is copied from has become shorter. */
    private static final long SHRANK = Long.MIN_VALUE;
    private static long fileCount;

    private final Cache cache;
    /** That of the place in the index which its fetch has. */
    private final CacheFolder folder;
    private final ByteSink sink = new ByteSink();
    Stored stored;
    private int used;
    private Path file;
    private boolean working;
    private boolean broken;
    private final List<Left> left = new ArrayList<>(0);
    /** Hash of the key alone, and how often that was purged when the peer was to be asked. */
    private long keyHash;
    private long purges;

    Recorder(Cache cache) {
        this.cache = cache;
        this.folder = cache.folder;
    }

    /** The peer is asked from now on. */
    void startsNow(long hashOfKey) {
        keyHash = hashOfKey;
        purges = folder.index().purges(hashOfKey);
    }

    /** Whether what comes may be of before a purge: it is neither stored nor shared. Any thread. */
    boolean isOutdated() {
        return folder.index().purges(keyHash) != purges;
    }

    /** Begins a record. @return where its head is written to; null without memory */
    ByteSink begin(long hash) {
        Slab slab = cache.ctx.slabs.borrow();
        if (slab == null) {
            return null;
        }
        stored = new Stored(hash, slab, cache.ctx.slabs).use();
        file = null;
        working = false;
        broken = false;
        MemorySegment.ofBuffer(slab.bytes).asSlice(0, CacheRecord.FIXED_BYTES).fill((byte) 0);
        sink.reset(slab.bytes, CacheRecord.FIXED_BYTES, CacheRecord.HEAD_BYTES_MAX);
        return sink;
    }

    /** The same hash in other words: of a variant. */
    Slab slab() {
        return stored.slab;
    }

    /** The head is complete; the body follows. @return false when it did not fit */
    boolean headEnds(long bodyBytes) {
        if (sink.overflowed()) {
            return false;
        }
        used = sink.position();
        stored.readHead();
        assert stored.bodyAt == used;
        stored.inMemory = true;
        stored.bodyBytes = bodyBytes;
        return true;
    }

    /** Bytes of the body that can be copied at once. */
    int room() {
        return stored.inMemory && !working ? stored.slab.size() - used : 0;
    }

    void copy(ByteBuffer source, int offset, int length) {
        stored.slab.bytes.put(used, source, offset, length);
        used += length;
        stored.available += length;
    }

    /**
     * Writes memory that is lent.
     *
     * @param done run when it is free again; the answer grows by it, or is {@link #isBroken}
     */
    void write(long address, int length, Runnable done) {
        working = true;
        Stored s = stored;
        if (file == null) {
            file = newFile();
        }
        long at = s.bodyAt + s.available;
        boolean submitted = cache.side.submit(cache.ctx.loop, () -> {
            long result = writePiece(s, address, length, at);
            return () -> written(s, result, length, done);
        });
        if (!submitted) {
            written(s, writePiece(s, address, length, at), length, null);
            cache.ctx.loop.execute(done);
        }
    }

    private Path newFile() {
        return folder.unfinished().resolve(
                ProcessHandle.current().pid() + "-" + ++fileCount);
    }

    /** On the side thread. @return 0 or a negated error number */
    private long writePiece(Stored s, long address, int length, long at) {
        if (s.fd == Stored.NO_FILE) {
            long fd = create(file);
            if (fd < 0) {
                return fd;
            }
            s.fd = (int) fd;
            long result = writeAll(s.fd, s.slab.address, used, 0);
            if (result < 0) {
                return result;
            }
        }
        return writeAll(s.fd, address, length, at);
    }

    private static long create(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            return Libc.create(arena.allocateFrom(path.toString()).address());
        }
    }

    private static long writeAll(int fd, long address, long length, long at) {
        long done = 0;
        while (done < length) {
            long count = Libc.pwrite(fd, address + done, length - done, at + done);
            if (count <= 0) {
                return count == 0 ? -Errno.EIO : count;
            }
            done += count;
        }
        return 0;
    }

    private void written(Stored s, long result, int length, Runnable done) {
        working = false;
        if (result < 0) {
            broken = true;
            cache.trouble.failed(file, (int) -result);
        } else {
            s.inMemory = false;
            s.fileBodyAt = s.bodyAt;
            s.available += length;
        }
        if (done != null) {
            done.run();
        }
    }

    boolean isWorking() {
        return working;
    }

    /** Whether the disk did not take it. */
    boolean isBroken() {
        return broken;
    }

    /**
     * The body is complete: stores it.
     *
     * @param marker what tells variants apart, to be stored first; null for none
     * @param kept run on the loop afterwards, with the serial, or 0 when it is not stored
     */
    void finish(long place, Stored marker, long markerPlace, Kept kept) {
        Stored s = stored;
        s.bodyBytes = s.available;
        s.complete = true;
        seal(s);
        Path begun = file;
        boolean submitted = cache.side.submit(cache.ctx.loop, () -> {
            Saved saved = marker == null ? null : save(marker, null, markerPlace);
            Saved last = saved == null || saved.serial != 0 ? save(s, begun, place) : saved;
            return () -> {
                left.forEach(one -> cache.tier.removed(one.hash, one.serial));
                last.tell(cache.trouble);
                kept.kept(last == saved ? 0 : last.serial);
            };
        });
        if (!submitted) {
            discardFile();
            kept.kept(0);
        }
    }

    static void seal(Stored s) {
        s.slab.bytes.putLong(CacheRecord.BODY_BYTES, s.bodyBytes);
        s.slab.bytes.putLong(CacheRecord.HASH, s.hash);
        CacheRecord.seal(s.slab.bytes, 0);
    }

    /** An answer that counts no longer. */
    private record Left(long hash, long serial) {}

    /** Told of what became of it. */
    interface Kept {
        void kept(long serial);
    }

    /**
     * What has become of a file.
     *
     * @param serial 0 when it is not stored
     * @param trouble tells of what the disk has not taken; null when it is not to blame
     */
    private record Saved(long serial, Consumer<StoreTrouble> trouble) {

        static final Saved NOT = new Saved(0, null);

        static Saved failed(Path path, int errno) {
            return new Saved(0, trouble -> trouble.failed(path, errno));
        }

        void tell(StoreTrouble to) {
            if (trouble != null) {
                trouble.accept(to);
            } else if (serial != 0) {
                to.stored();
            }
        }
    }

    /** On the side thread. */
    private Saved save(Stored s, Path begun, long place) {
        CacheIndex index = folder.index();
        Path path = begun == null ? newFileOnSide() : begun;
        long serial = index.newSerial();
        long bytes = s.bodyAt + s.bodyBytes;
        boolean onDisk = !folder.isInMemory();
        try {
            if (isOutdated() || !onDisk && !s.inMemory) {
                if (begun != null && onDisk) {
                    Files.deleteIfExists(path);
                }
                return Saved.NOT;
            }
            long result = onDisk ? write(path, s, begun != null) : 0;
            if (result < 0) {
                Files.deleteIfExists(path);
                if (result != SHRANK) {
                    return Saved.failed(path, (int) -result);
                }
                // What the head was renewed of is no answer any more.
                drop(place, s.hash, index.serial(place));
                return Saved.NOT;
            }
            if (onDisk) {
                folder.adopt(path, s.hash, serial);
            }
            long before = index.store(place, s.hash, serial, bytes, cache.nowS());
            if (before == CacheIndex.NOWHERE) {
                folder.discard(s.hash, serial);
                return Saved.NOT;
            }
            CacheIndex.Evicted leave = this::leaves;
            if (before != 0) {
                leave.evicted(s.hash, before);
            }
            if (isOutdated()) {
                // A purge has looked here before it was stored.
                drop(place, s.hash, serial);
                return Saved.NOT;
            }
            index.count(CacheIndex.Count.STORED);
            index.queues().keepWithin(cache.config.sizeMax() >>> 10, leave);
            return new Saved(serial, null);
        } catch (NoSuchFileException gone) {
            return Saved.failed(path, Errno.ENOENT);
        } catch (IOException e) {
            return new Saved(0, trouble -> trouble.failed("a file cannot be stored (" + e + ")"));
        }
    }

    /** Another one makes room; the loop closes its file when this one is stored. */
    private void leaves(long hash, long serial) {
        folder.discard(hash, serial);
        left.add(new Left(hash, serial));
    }

    /** No longer stored, if it is still. */
    private void drop(long place, long hash, long serial) {
        if (folder.index().holds(place, hash, serial)
                && folder.index().remove(place, hash) == serial) {
            leaves(hash, serial);
        }
    }

    private Path newFileOnSide() {
        return folder.unfinished().resolve(
                ProcessHandle.current().pid() + "-s" + folder.index().newSerial());
    }

    private static long write(Path path, Stored s, boolean begun) {
        if (begun) {
            // The body is there; only now it is known how long it is.
            return writeAll(s.fd, s.slab.address, s.bodyAt, 0);
        }
        int fd = (int) create(path);
        if (fd < 0) {
            return fd;
        }
        long result = writeAll(fd, s.slab.address, s.inMemory
                ? s.bodyAt + s.bodyBytes : s.bodyAt, 0);
        if (result == 0 && !s.inMemory) {
            result = copyBody(fd, s);
        }
        Libc.close(fd);
        return result;
    }

    /** A head that has been renewed, and the body from where it was. */
    private static long copyBody(int fd, Stored s) {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(COPY_BYTES).address();
            long done = 0;
            while (done < s.bodyBytes) {
                long count = Libc.pread(s.fd, address, Math.min(COPY_BYTES, s.bodyBytes - done),
                        s.fileBodyAt + done);
                long result = count <= 0 ? count == 0 ? SHRANK : count
                        : writeAll(fd, address, count, s.bodyAt + done);
                if (result < 0) {
                    return result;
                }
                done += count;
            }
            return 0;
        }
    }

    /** The answer is not to be stored. */
    void discardFile() {
        Path path = file;
        file = null;
        if (path != null) {
            cache.side.submit(cache.ctx.loop, () -> {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException stays) {
                    // A sweep finds it.
                }
                return () -> { };
            });
        }
    }

    /** Nothing is recorded any longer; whoever reads it goes on. */
    void end() {
        if (stored != null) {
            stored.release();
            stored = null;
        }
        file = null;
    }
}
