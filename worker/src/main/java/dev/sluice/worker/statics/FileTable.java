package dev.sluice.worker.statics;

import dev.sluice.worker.arena.KeyedHash;
import java.nio.ByteBuffer;

/**
 * Entries found by root and path without making an object: open addressing, linear probing,
 * removal by shifting back. Two lists keep the order of use, one of what exists and one of what
 * does not, so that made-up paths push out only each other.
 *
 * <p>Owner: event loop.
 */
final class FileTable {

    private final long[] hashes;
    private final CachedFile[] slots;
    private final int mask;
    private final int entriesMax;
    private final int absentMax;
    /** Heads of the two rings: {@code older} leads to the most recently used entry. */
    private final CachedFile present = ring();
    private final CachedFile absent = ring();
    private int count;
    private int absentCount;

    FileTable(int entriesMax) {
        assert entriesMax > 0 && entriesMax <= 1 << 24 : entriesMax;
        this.entriesMax = entriesMax;
        this.absentMax = Math.max(1, entriesMax / 4);
        int capacity = Integer.highestOneBit(entriesMax * 2 - 1) << 1;
        hashes = new long[capacity];
        slots = new CachedFile[capacity];
        mask = capacity - 1;
    }

    private static CachedFile ring() {
        CachedFile head = new CachedFile(null, null, 0, 0);
        head.newer = head;
        head.older = head;
        return head;
    }

    int count() {
        return count;
    }

    CachedFile find(long hash, int rootId, ByteBuffer b, int offset, int length) {
        for (int i = (int) hash & mask; slots[i] != null; i = i + 1 & mask) {
            if (hashes[i] == hash) {
                CachedFile f = slots[i];
                if (f.rootId == rootId && f.pathLength == length
                        && KeyedHash.equal(f.path, 0, b, offset, length)) {
                    return f;
                }
            }
        }
        return null;
    }

    /** The entry is the most recently used one now. */
    void touch(CachedFile f) {
        CachedFile head = headOf(f);
        if (head.older != f) {
            unlink(f);
            link(head, f);
        }
    }

    private CachedFile headOf(CachedFile f) {
        return f.kind == CachedFile.Kind.NONE ? absent : present;
    }

    private static void link(CachedFile head, CachedFile f) {
        f.newer = head;
        f.older = head.older;
        head.older.newer = f;
        head.older = f;
    }

    private static void unlink(CachedFile f) {
        f.newer.older = f.older;
        f.older.newer = f.newer;
        f.newer = null;
        f.older = null;
    }

    /** The entry that has to go before {@code f} can come in; null when there is room. */
    CachedFile inTheWayOf(CachedFile f) {
        if (f.kind == CachedFile.Kind.NONE && absentCount >= absentMax) {
            return absent.newer;
        }
        if (count < entriesMax) {
            return null;
        }
        return present.newer != present ? present.newer : absent.newer;
    }

    /** The least recently used entry of those that exist; null when there is none. */
    CachedFile oldestPresent() {
        return present.newer == present ? null : present.newer;
    }

    /** The least recently used entry of those that tell of nothing; null when there is none. */
    CachedFile oldestAbsent() {
        return absent.newer == absent ? null : absent.newer;
    }

    /** The next more recently used one; null behind the last. */
    CachedFile newerThan(CachedFile f) {
        return f.newer == present ? null : f.newer;
    }

    void insert(CachedFile f) {
        assert !f.cached && count < entriesMax;
        int i = (int) f.hash & mask;
        while (slots[i] != null) {
            i = i + 1 & mask;
        }
        hashes[i] = f.hash;
        slots[i] = f;
        f.cached = true;
        count++;
        if (f.kind == CachedFile.Kind.NONE) {
            absentCount++;
        }
        link(headOf(f), f);
    }

    void remove(CachedFile f) {
        assert f.cached;
        int hole = (int) f.hash & mask;
        while (slots[hole] != f) {
            hole = hole + 1 & mask;
        }
        for (int i = hole + 1 & mask; slots[i] != null; i = i + 1 & mask) {
            int home = (int) hashes[i] & mask;
            // Moves back only what the hole lies on the way to.
            if ((i - home & mask) >= (i - hole & mask)) {
                hashes[hole] = hashes[i];
                slots[hole] = slots[i];
                hole = i;
            }
        }
        slots[hole] = null;
        f.cached = false;
        count--;
        if (f.kind == CachedFile.Kind.NONE) {
            absentCount--;
        }
        unlink(f);
    }

    /** Some entry of this root; null when there is none left. For the rare sweep. */
    CachedFile anyOf(int rootId) {
        for (CachedFile f : slots) {
            if (f != null && f.rootId == rootId) {
                return f;
            }
        }
        return null;
    }

    /** For tests and asserts: table and lists agree. */
    boolean invariants() {
        int seen = 0;
        for (CachedFile f : slots) {
            seen += f == null ? 0 : 1;
        }
        return seen == count && length(present) + length(absent) == count
                && length(absent) == absentCount && absentCount <= absentMax;
    }

    private static int length(CachedFile head) {
        int length = 0;
        for (CachedFile f = head.older; f != head; f = f.older) {
            length++;
        }
        return length;
    }
}
