package dev.sluice.worker.statics;

import dev.sluice.common.config.HttpConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.worker.arena.KeyedHash;
import dev.sluice.worker.linux.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Open files of a worker by root and path, with what does not exist remembered too. An entry is
 * believed for {@code validNs}; then the file is opened again and compared, so that a file that
 * was replaced, changed in place, or can no longer be reached is noticed.
 *
 * <p>An entry answered by {@link #lookup} is lent until {@link #release}. What the cache drops
 * stays open until its last user has released it.
 *
 * <p>Owner: event loop.
 */
final class OpenFileCache {

    /** Descriptors that are closed at once when the process has none left. */
    private static final int EMERGENCY_CLOSE_MAX = 16;
    private static final long NS_PER_MS = 1_000_000;
    private static final int COUNTS = 4096;

    private final FileOpener opener;
    private final KeyedHash hash;
    private final CounterWriter counters;
    /** Null when the cache is off: then every entry lives for one use. */
    private final FileTable table;
    private final long validNs;
    private final long inactiveNs;
    private final boolean keepsErrors;
    private final int minUses;
    /** By the low bits of hashes: how often files were opened since. Null where each is kept. */
    private final byte[] opened;
    private long openedSinceNs;

    OpenFileCache(FileOpener opener, KeyedHash hash, CounterWriter counters, HttpConfig config) {
        this.opener = opener;
        this.hash = hash;
        this.counters = counters;
        this.table = config.openFileCacheMax() > 0 ? new FileTable(config.openFileCacheMax())
                : null;
        this.validNs = config.openFileCacheValidMs() * NS_PER_MS;
        this.inactiveNs = config.openFileCacheInactiveMs() * NS_PER_MS;
        this.keepsErrors = config.openFileCacheErrors();
        this.minUses = config.openFileCacheMinUses();
        this.opened = minUses > 1 ? new byte[COUNTS] : null;
    }

    /** Never null: an entry says why there is no file. Lent until {@link #release}. */
    CachedFile lookup(FileRoot root, ByteBuffer b, int offset, int length, long nowNs) {
        int voidId = root.refresh(nowNs, validNs, opener.status());
        if (voidId != 0) {
            forget(voidId);
        }
        long key = hash.hash(b, offset, length, root.id());
        CachedFile f = null;
        if (table != null) {
            dropInactive(table.oldestPresent(), nowNs);
            dropInactive(table.oldestAbsent(), nowNs);
            f = table.find(key, root.id(), b, offset, length);
            if (f != null && nowNs - f.checkedNs < validNs) {
                counters.add(CounterId.FILE_CACHE_HITS, 1);
                table.touch(f);
                f.usedNs = nowNs;
                f.users++;
                return f;
            }
        }
        counters.add(CounterId.FILE_CACHE_MISSES, 1);
        CachedFile found = f != null ? revalidate(f, nowNs)
                : load(root, b, offset, length, key, nowNs);
        found.checkedNs = nowNs;
        found.usedNs = nowNs;
        found.users++;
        return found;
    }

    /** One at a time is enough: each lookup brings one at most. */
    private void dropInactive(CachedFile oldest, long nowNs) {
        if (oldest != null && nowNs - oldest.usedNs >= inactiveNs) {
            drop(oldest);
        }
    }

    private CachedFile load(FileRoot root, ByteBuffer b, int offset, int length, long key,
            long nowNs) {
        byte[] path = new byte[length];
        b.get(offset, path);
        ByteBuffer own = ByteBuffer.wrap(path).order(ByteOrder.LITTLE_ENDIAN);
        CachedFile f = new CachedFile(root, own, length, key);
        open(f);
        if (opened != null && !isOpenedOften(key, nowNs)) {
            opener.complete(f);
            return f;
        }
        return keep(f);
    }

    /** Counts it. Two of one place count for each other, which keeps a file too early at most. */
    private boolean isOpenedOften(long key, long nowNs) {
        if (nowNs - openedSinceNs >= inactiveNs) {
            Arrays.fill(opened, (byte) 0);
            openedSinceNs = nowNs;
        }
        int place = (int) key & COUNTS - 1;
        if (opened[place] < minUses) {
            opened[place]++;
        }
        return opened[place] == minUses;
    }

    private CachedFile revalidate(CachedFile f, long nowNs) {
        CachedFile now = new CachedFile(f.root, f.path, f.pathLength, f.hash);
        open(now);
        if (f.isStill(now)) {
            opener.discard(now);
            table.touch(f);
            return f;
        }
        drop(f);
        return keep(now);
    }

    private void open(CachedFile f) {
        opener.open(f);
        if (isOutOfDescriptors(f) && closeIdle()) {
            opener.open(f);
        }
    }

    private static boolean isOutOfDescriptors(CachedFile f) {
        return f.errno == Errno.EMFILE || f.errno == Errno.ENFILE;
    }

    private CachedFile keep(CachedFile f) {
        opener.complete(f);
        if (table != null && isLasting(f)) {
            for (CachedFile old = table.inTheWayOf(f); old != null; old = table.inTheWayOf(f)) {
                drop(old);
            }
            table.insert(f);
        }
        return f;
    }

    /** Whether the same would be found again: not so where a resource was short just now. */
    private boolean isLasting(CachedFile f) {
        return switch (f.errno) {
            case 0 -> true;
            case Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES, Errno.ELOOP, Errno.EXDEV,
                    Errno.ENAMETOOLONG -> keepsErrors;
            default -> false;
        };
    }

    private void drop(CachedFile f) {
        table.remove(f);
        if (f.users == 0) {
            opener.discard(f);
        }
    }

    /** Closes descriptors nobody uses, the longest unused first. */
    private boolean closeIdle() {
        int closed = 0;
        CachedFile f = table == null ? null : table.oldestPresent();
        while (f != null && closed < EMERGENCY_CLOSE_MAX) {
            CachedFile next = table.newerThan(f);
            if (f.fd >= 0 && f.users == 0) {
                drop(f);
                closed++;
            }
            f = next;
        }
        return closed > 0;
    }

    private void forget(int rootId) {
        if (table == null) {
            return;
        }
        for (CachedFile f = table.anyOf(rootId); f != null; f = table.anyOf(rootId)) {
            drop(f);
        }
    }

    /** The borrower is done with the entry. */
    void release(CachedFile f) {
        assert f.users > 0;
        if (--f.users == 0 && !f.cached) {
            opener.discard(f);
        }
    }

    /** Where a directory is below its root, with a slash at its end. */
    byte[] directoryOf(CachedFile f) {
        return opener.directoryOf(f);
    }

    String nameOf(CachedFile f) {
        return opener.nameOf(f);
    }

    int count() {
        return table == null ? 0 : table.count();
    }

    boolean invariants() {
        return table == null || table.invariants();
    }
}
