package dev.sluice.common.cache;

import dev.sluice.common.zones.ZoneFile;
import dev.sluice.common.zones.ZoneSpec;

/**
 * Which answers a cache holds: a table of hashes, shared by all workers, in a file that outlives
 * them. A place has four words, eight places of a hash stand side by side.
 *
 * <pre>
 *   0            8                          128
 *   | next serial | counters of all workers | places, in sets of eight
 *
 *   word  63                 32 31                  0
 *   0     | hash of the key, 0 when the place is free |
 *   1     | claimed until, s   | serial of the file, 0 for none |
 *   2     | last use, s        | size of the file, KiB          |
 *   3     | stored at, s       | uses since, or misses before   |
 * </pre>
 *
 * A file is named by hash and serial, and no serial is given twice; so whoever reads a place while
 * another process changes it looks for a file that is not there, or finds one whose head says that
 * it is another's. Word 1 alone decides which file counts: it is changed by compare-and-set. Times
 * are seconds since 1970.
 *
 * <p>A place whose claim has not passed is being filled by one process, and others wait for it.
 *
 * <p>Any thread of any process.
 */
public final class CacheIndex {

    public static final String KIND = "cache";

    /** No place: the set is full of answers that are being fetched. */
    public static final long NOWHERE = -1;
    /** A process that dies leaves its claim, which ends by itself. */
    public static final int CLAIM_S_MAX = 3600;

    private static final int LAYOUT = 1;
    private static final int HEADER_WORDS = 128;
    private static final int COUNTERS_AT = 8;
    private static final int WAYS = 8;
    private static final int WORDS = 4;
    private static final int HALF = 32;
    private static final long LOW = 0xffff_ffffL;

    private final ZoneFile zone;
    private final long setMask;

    /** What is counted; a constant's ordinal is its place. */
    public enum Count { HIT, MISS, EXPIRED, STALE, UPDATING, REVALIDATED, BYPASS, STORED, EVICTED,
        PURGED }

    public CacheIndex(ZoneFile zone) {
        this.zone = zone;
        setMask = (zone.wordCount() - HEADER_WORDS) / (WAYS * WORDS) - 1;
        assert Long.bitCount(setMask + 1) == 1;
    }

    /** @param keys a power of two, at least eight */
    public static ZoneSpec spec(String name, int keys) {
        return new ZoneSpec(KIND, name, LAYOUT, HEADER_WORDS + (long) keys * WORDS, keys);
    }

    public ZoneFile zone() {
        return zone;
    }

    // ---- places

    /** The place of a hash, or {@link #NOWHERE}. */
    public long find(long hash) {
        long first = HEADER_WORDS + (hash & setMask) * WAYS * WORDS;
        for (long place = first; place < first + WAYS * WORDS; place += WORDS) {
            if (zone.get(place) == hash) {
                return place;
            }
        }
        return NOWHERE;
    }

    /**
     * The place of a hash, which it gets if it has none: a free one, else that of the answer that
     * was used longest ago.
     *
     * @param evicted told of an answer that has lost its place
     * @return {@link #NOWHERE} when there is none
     */
    public long findOrTake(long hash, long nowS, Evicted evicted) {
        assert hash != 0;
        long known = find(hash);
        if (known != NOWHERE) {
            return known;
        }
        long first = HEADER_WORDS + (hash & setMask) * WAYS * WORDS;
        long oldest = NOWHERE;
        for (long place = first; place < first + WAYS * WORDS; place += WORDS) {
            if (zone.get(place) == 0 && zone.compareAndSet(place, 0, hash)) {
                begin(place, nowS);
                return place;
            }
            if (claimedUntilS(place) <= nowS
                    && (oldest == NOWHERE || lastUseS(place) < lastUseS(oldest))) {
                oldest = place;
            }
        }
        if (oldest == NOWHERE) {
            return NOWHERE;
        }
        long old = zone.get(oldest);
        long serial = serial(oldest);
        if (!zone.compareAndSet(oldest, old, hash)) {
            return NOWHERE;
        }
        begin(oldest, nowS);
        if (serial != 0) {
            evicted.evicted(old, serial);
        }
        return oldest;
    }

    /** Told of answers that are in the index no longer, whose files are to be removed. */
    public interface Evicted {
        void evicted(long hash, long serial);
    }

    private void begin(long place, long nowS) {
        zone.set(place + 1, 0);
        zone.set(place + 2, nowS << HALF);
        zone.set(place + 3, 0);
    }

    /** Whether the place is that of the hash still. */
    public boolean isOf(long place, long hash) {
        return zone.get(place) == hash;
    }

    public long hash(long place) {
        return zone.get(place);
    }

    /** Serial of the file; 0 when there is none. */
    public long serial(long place) {
        return zone.get(place + 1) & LOW;
    }

    /** All that says which file counts: unchanged as long as nothing has changed. */
    public boolean holds(long place, long hash, long serial) {
        return zone.get(place) == hash && (zone.get(place + 1) & LOW) == serial;
    }

    public long sizeKb(long place) {
        return zone.get(place + 2) & LOW;
    }

    public long lastUseS(long place) {
        return zone.get(place + 2) >>> HALF;
    }

    public long storedAtS(long place) {
        return zone.get(place + 3) >>> HALF;
    }

    public long uses(long place) {
        return zone.get(place + 3) & LOW;
    }

    /** It was used; counted once a second at most, so that many hits do not fight for the word. */
    public void used(long place, long nowS) {
        long word = zone.get(place + 2);
        if (word >>> HALF != nowS) {
            zone.compareAndSet(place + 2, word, nowS << HALF | word & LOW);
            zone.getAndAdd(place + 3, 1);
        }
    }

    /** It was asked for without being stored. @return how often by now */
    public long missed(long place) {
        return (zone.getAndAdd(place + 3, 1) & LOW) + 1;
    }

    // ---- claims and files

    /** Seconds; 0 when nobody has claimed it. */
    public long claimedUntilS(long place) {
        return zone.get(place + 1) >>> HALF;
    }

    /** @return whether the place is this process's to fill, until then */
    public boolean claim(long place, long hash, long nowS, long untilS) {
        long word = zone.get(place + 1);
        return word >>> HALF <= nowS && zone.get(place) == hash
                && zone.compareAndSet(place + 1, word, untilS << HALF | word & LOW);
    }

    /** Nothing came of a claim. */
    public void release(long place, long hash) {
        long word = zone.get(place + 1);
        if (zone.get(place) == hash) {
            zone.compareAndSet(place + 1, word, word & LOW);
        }
    }

    /** A serial that no other file has or had. */
    public long newSerial() {
        long serial;
        do {
            serial = zone.getAndAdd(0, 1) + 1 & LOW;
        } while (serial == 0);
        return serial;
    }

    /**
     * The file of this serial counts from now on, and nobody claims the place any longer.
     *
     * @return serial of the file that counted before, 0 for none; {@link #NOWHERE} when the place
     *     belongs to another by now, and the new file is to be removed
     */
    public long store(long place, long hash, long serial, long bytes, long nowS) {
        while (true) {
            long word = zone.get(place + 1);
            if (zone.get(place) != hash) {
                return NOWHERE;
            }
            zone.set(place + 3, nowS << HALF);
            zone.set(place + 2, nowS << HALF | Math.min(LOW, bytes + 1023 >>> 10));
            if (zone.compareAndSet(place + 1, word, serial)) {
                return word & LOW;
            }
        }
    }

    /**
     * The answer is stored no longer, and one that is being fetched will not be: what a request
     * has changed may have been read before.
     *
     * @return as {@link #remove}
     */
    public long invalidate(long place, long hash) {
        long serial = remove(place, hash);
        if (zone.get(place) == hash) {
            zone.compareAndSet(place, hash, 0);
        }
        return serial;
    }

    /**
     * The answer is stored no longer; who fetches it goes on.
     *
     * @return serial of the file that is to be removed, 0 when there was none
     */
    public long remove(long place, long hash) {
        while (true) {
            long word = zone.get(place + 1);
            if (zone.get(place) != hash || (word & LOW) == 0) {
                return 0;
            }
            if (zone.compareAndSet(place + 1, word, word & ~LOW)) {
                zone.set(place + 2, 0);
                if (word >>> HALF == 0) {
                    zone.compareAndSet(place, hash, 0);
                }
                return word & LOW;
            }
        }
    }

    /** A place without an answer is free again. */
    void forget(long place) {
        long hash = zone.get(place);
        if (zone.get(place + 1) == 0 || claimedUntilS(place) != 0 && serial(place) == 0) {
            zone.compareAndSet(place, hash, 0);
        }
    }

    // ---- all places

    public long firstPlace() {
        return HEADER_WORDS;
    }

    /** Behind the last place. */
    public long placesEnd() {
        return zone.wordCount();
    }

    public long nextPlace(long place) {
        return place + WORDS;
    }

    // ---- counters

    public void count(Count what) {
        zone.getAndAdd(COUNTERS_AT + what.ordinal(), 1);
    }

    public long counted(Count what) {
        return zone.get(COUNTERS_AT + what.ordinal());
    }
}
