package dev.sluice.worker.cache;

import dev.sluice.common.cache.CacheFolder;
import dev.sluice.common.cache.CacheIndex;
import dev.sluice.common.cache.CacheRecord;
import dev.sluice.common.config.CacheConfig;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.KeyedHash;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.cache.rules.VaryKey;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.linux.FileStatus;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.SideThread;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * One cache, as a worker has it: finds what is stored, in its own memory or on disk, and knows what
 * is being fetched.
 *
 * <p>Owner: event loop.
 */
final class Cache {

    /** Longer answers stay in their file, of which the kernel sends them. */
    static final int SMALL_BYTES_MAX = 32 * 1024;
    private static final int FILES_MAX = 512;
    private static final int KEY_BYTES_MAX = 16 * 1024;
    private static final int NAME_BYTES_MAX = 64;
    private static final int WRITES_WAITING_MAX = 1024;
    private static final long VARIANT = 0x5661_7279L;

    final LoopContext ctx;
    final CacheConfig config;
    /** Another one once somebody has removed it, see {@link CacheKeeper}. */
    CacheFolder folder;
    /** Null while the folder is absent. */
    CacheIndex index;
    final StoreTrouble trouble;
    /** Writes files, one after the other. */
    final SideThread side = new SideThread(WRITES_WAITING_MAX);
    final MemoryTier tier;
    final Map<Long, Fetch> fetches = new HashMap<>();
    private KeyedHash hasher;
    private final ByteBuffer path;
    private final long pathAddress;
    private final int pathLength;
    private final FileStatus status = new FileStatus();
    /** Where keys are put together, until the method that does returns. */
    final ByteBuffer key = ByteBuffer.allocateDirect(KEY_BYTES_MAX + 8)
            .order(ByteOrder.LITTLE_ENDIAN);
    private final ByteSink keySink = new ByteSink();
    final Passes passes;
    /** Made for the first location in which modules change heads of peers. */
    private StoredEdits edits;
    /** Of the last {@link #find}: what the answer to the request is stored as. */
    private long wanted;

    Cache(CacheConfig config, CacheFolder folder, LoopContext ctx) {
        this.ctx = ctx;
        this.config = config;
        this.passes = new Passes(ctx);
        this.trouble = new StoreTrouble(ctx, config.name());
        use(folder);
        this.tier = new MemoryTier(config.memory(), new HeldFiles(this, FILES_MAX));
        byte[] prefix = folder.prefix().getBytes(StandardCharsets.UTF_8);
        path = ByteBuffer.allocateDirect(prefix.length + NAME_BYTES_MAX);
        pathAddress = MemorySegment.ofBuffer(path).address();
        path.put(0, prefix);
        pathLength = prefix.length;
        Libc.prepare();
    }

    private void use(CacheFolder one) {
        folder = one;
        index = one.index();
        hasher = one.isAbsent() ? null
                : new KeyedHash(index.zone().secret0(), index.zone().secret1());
    }

    /** The folder has been made again: with its index all goes that was in it. */
    void renew(CacheFolder again) {
        if (again.index() == index) {
            folder = again;
        } else {
            use(again);
            tier.clear();
        }
    }

    ByteSink keySink() {
        return keySink.reset(key, 0, KEY_BYTES_MAX);
    }

    StoredEdits edits() {
        if (edits == null) {
            edits = new StoredEdits();
        }
        return edits;
    }

    long nowS() {
        return ctx.clock.nowMs() / 1000;
    }

    long hash(int length) {
        return nonZero(hasher.hash(key, 0, length, 0));
    }

    /** Behind a key that is there already. */
    ByteSink keySinkBehind(int length) {
        return keySink.reset(key, length, KEY_BYTES_MAX);
    }

    private static long nonZero(long hash) {
        return hash == 0 ? 1 : hash;
    }

    /**
     * Finds what is stored for a request whose key is in {@link #key}; it is in use until it is
     * released.
     *
     * @return null when nothing is; {@link #wanted} tells in any case what to store it as
     */
    Stored find(long hash, int keyLength, HeaderTable request) {
        wanted = hash;
        Stored s = stored(hash, keyLength);
        if (s == null || !s.varies) {
            return s;
        }
        wanted = variant(s, hash, keyLength, request);
        s.release();
        Stored one = stored(wanted, keyLength);
        if (one != null && one.varies) {
            one.release();
            return null;
        }
        return one;
    }

    long wanted() {
        return wanted;
    }

    /** The hash of the answer to this request among those that differ by Vary. */
    long variant(Stored marker, long hash, int keyLength, HeaderTable request) {
        ByteBuffer b = marker.slab.bytes;
        return variant(b, CacheRecord.varyAt(b, 0), b.getInt(CacheRecord.VARY_LENGTH),
                marker.salt, hash, keyLength, request);
    }

    long variant(ByteBuffer names, int at, int length, long salt, long hash, int keyLength,
            HeaderTable request) {
        keySink.reset(key, keyLength, KEY_BYTES_MAX);
        VaryKey.values(names, at, length, request, keySink);
        int end = keySink.overflowed() ? KEY_BYTES_MAX : keySink.position();
        return nonZero(hasher.hash(key, keyLength, end - keyLength, hash ^ salt ^ VARIANT));
    }

    private Stored stored(long hash, int keyLength) {
        Stored s = tier.get(hash);
        if (s != null) {
            if (index.holds(s.place, hash, s.serial) && s.hasKey(key, 0, keyLength)) {
                index.used(s.place, nowS());
                return s.use();
            }
            tier.drop(s);
        }
        return fromDisk(hash, keyLength);
    }

    private Stored fromDisk(long hash, int keyLength) {
        long place = index.find(hash);
        long serial = place == CacheIndex.NOWHERE ? 0 : index.serial(place);
        if (serial == 0) {
            return null;
        }
        Stored s = open(hash, serial);
        if (s == null) {
            // Removed under our eyes, or damaged: whoever is stored next takes its place.
            if (index.serial(place) == serial && index.remove(place, hash) == serial) {
                folder.discard(hash, serial);
            }
            return null;
        }
        s.serial = serial;
        s.place = place;
        if (!s.hasKey(key, 0, keyLength)) {
            s.use().release();
            return null;
        }
        index.used(place, nowS());
        if (s.ownedBy(tier.pool())) {
            tier.add(s);
        }
        return s.use();
    }

    private Stored open(long hash, long serial) {
        String name = CacheFolder.nameOf(hash, serial);
        for (int i = 0; i < name.length(); i++) {
            path.put(pathLength + i, (byte) name.charAt(i));
        }
        path.put(pathLength + name.length(), (byte) 0);
        int fd = Libc.open(pathAddress, Libc.O_RDONLY | Libc.O_CLOEXEC);
        if (fd < 0) {
            return null;
        }
        Slab whole = ctx.slabs.borrow();
        if (whole == null) {
            Libc.close(fd);
            return null;
        }
        int length = (int) Libc.pread(fd, whole.address, Slab.BYTES, 0);
        if (length < 0 || !CacheRecord.isWhole(whole.bytes, 0, length, hash)
                || Libc.fstat(fd, status) != 0 || status.size()
                != CacheRecord.bodyAt(whole.bytes, 0)
                        + whole.bytes.getLong(CacheRecord.BODY_BYTES)) {
            ctx.slabs.giveBack(whole);
            Libc.close(fd);
            return null;
        }
        return keep(hash, whole, status.size(), fd);
    }

    /** Memory of its own for what was read; where there is none, what it was read into. */
    private Stored keep(long hash, Slab whole, long size, int fd) {
        int bodyAt = CacheRecord.bodyAt(whole.bytes, 0);
        boolean small = size <= SMALL_BYTES_MAX;
        int bytes = small ? (int) size : bodyAt;
        Slab own = tier.memory(bytes);
        Stored s;
        if (own == null) {
            s = new Stored(hash, whole, ctx.slabs);
        } else {
            own.bytes.put(0, whole.bytes, 0, bytes);
            ctx.slabs.giveBack(whole);
            s = new Stored(hash, own, tier.pool());
        }
        s.readHead();
        s.bodyBytes = size - bodyAt;
        s.available = s.bodyBytes;
        s.complete = true;
        s.inMemory = small;
        if (small) {
            Libc.close(fd);
        } else {
            s.fd = fd;
            s.fileBodyAt = bodyAt;
        }
        return s;
    }

    /** What a fetch has written is in the index: keeps it at hand. */
    void keepFetched(Stored fetched, long place, long serial) {
        if (!fetched.inMemory) {
            // Whoever asks for it next opens it.
            return;
        }
        int bytes = fetched.bodyAt + (int) fetched.bodyBytes;
        Slab own = bytes > SMALL_BYTES_MAX ? null : tier.memory(bytes);
        if (own == null) {
            return;
        }
        own.bytes.put(0, fetched.slab.bytes, 0, bytes);
        Stored s = new Stored(fetched.hash, own, tier.pool());
        s.readHead();
        s.bodyBytes = fetched.bodyBytes;
        s.available = s.bodyBytes;
        s.complete = true;
        s.inMemory = true;
        s.place = place;
        s.serial = serial;
        tier.add(s);
    }

    /** What tells variants of a key apart, in use; null when nothing is known to. */
    Stored markerOf(long keyHash, int keyLength) {
        Stored s = stored(keyHash, keyLength);
        if (s == null || s.varies) {
            return s;
        }
        s.release();
        return null;
    }

    /**
     * What will tell variants of a key apart, in use and not stored yet.
     *
     * @param record of one of them, whose key and names of Vary are copied
     * @return null without memory
     */
    Stored newMarker(long keyHash, ByteBuffer record, int keyAndNames, long salt) {
        Slab slab = ctx.slabs.borrow();
        if (slab == null) {
            return null;
        }
        slab.bytes.put(0, record, 0, CacheRecord.FIXED_BYTES + keyAndNames);
        slab.bytes.putLong(CacheRecord.SALT, salt);
        slab.bytes.putInt(CacheRecord.TAGS_LENGTH, 0);
        slab.bytes.putInt(CacheRecord.HEAD_LENGTH, 0);
        slab.bytes.putInt(CacheRecord.FLAGS, CacheRecord.VARIES);
        Stored m = new Stored(keyHash, slab, ctx.slabs).use();
        m.readHead();
        m.inMemory = true;
        m.complete = true;
        Recorder.seal(m);
        return m;
    }

    /**
     * What brings the answer for whoever asks now: one that was begun before a purge does not.
     *
     * @return null for none
     */
    Fetch running(long wanted) {
        Fetch fetch = fetches.get(wanted);
        if (fetch != null && fetch.recorder.isOutdated()) {
            fetches.remove(wanted);
            return null;
        }
        return fetch;
    }

    // ---- removing

    /**
     * Removes it because it may have changed: what is being fetched is not stored, either, and is
     * not for who asks from now on.
     *
     * @param hash of a key alone
     * @return whether there was one, or one was being fetched
     */
    boolean purge(long hash) {
        boolean fetched = running(hash) != null;
        index.purged(hash);
        return remove(hash) || fetched;
    }

    /** @return whether there was one, or one was being fetched by another process */
    boolean remove(long hash) {
        long place = index.find(hash);
        boolean fetched = place != CacheIndex.NOWHERE && !index.claims().isOver(place, nowS());
        long serial = place == CacheIndex.NOWHERE ? 0 : index.invalidate(place, hash);
        if (serial == 0) {
            return fetched;
        }
        discard(hash, serial);
        return true;
    }

    /** A client is done with it. Nobody is given again what could not be read to its end. */
    void release(Stored s, Termination how) {
        if (how == Termination.FILE_SHRANK || how == Termination.FILE_ERROR) {
            damaged(s);
        }
        s.release();
    }

    private void damaged(Stored s) {
        if (s.serial != 0 && !index.holds(s.place, s.hash, s.serial)) {
            return;
        }
        String file = s.serial == 0 ? "" : "\"" + folder.file(s.hash, s.serial) + "\": ";
        trouble.log(Level.ERROR, file + "the file of an answer became shorter or cannot be read:"
                + " it is removed, and fetched anew when it is asked for");
        remove(s.hash);
    }

    /** Removes a file that counts no longer, beside the loop. */
    void discard(long hash, long serial) {
        tier.removed(hash, serial);
        CacheFolder of = folder;
        side.submit(ctx.loop, () -> {
            of.discard(hash, serial);
            return () -> { };
        });
    }

    /** Whether these fields promise more than one answer may have. */
    boolean tooLong(HeaderTable headers) {
        int i = headers.find(HeaderName.CONTENT_LENGTH);
        return i >= 0 && AsciiBytes.parseDecimal(headers.buffer(), headers.valueOffset(i),
                headers.valueLength(i)) > config.objectMax();
    }
}
