package dev.sluice.common.cache;

import dev.sluice.common.zones.ZoneFile;
import dev.sluice.common.zones.ZoneSpec;

/**
 * Which answers a cache holds: a table of hashes, shared by all workers, in a file that outlives
 * them. A place has four words, eight places of a hash stand side by side.
 *
 * <pre>
 *   0             8          56        57        64            128      4224
 *   | next serial | counters | answers | purges  | CacheQueues | purges | places | CacheQueues,
 *   |             |          |         | of all  |             |        |        | CacheClaims
 *
 *   word  63                 32 31                  0
 *   0     | hash of the key, 0 when the place is free |
 *   1     | claimed until, s   | serial of the file, 0 for none |
 *   2     | last use, s        | what the file takes, KiB       |
 *   3     | mark of a ghost    | G:1 M:1 frequency:2 misses before it was stored:20 |
 * </pre>
 *
 * A file is named by hash and serial, and no serial is given twice; so whoever reads a place while
 * another process changes it looks for a file that is not there, or finds one whose head says that
 * it is another's. Word 1 alone decides which file counts: it is changed by compare-and-set. Times
 * are seconds since 1970. The sizes of word 2 add up to what {@link CacheQueues#totalKb} says,
 * but for what a process was about to add when it was killed.
 *
 * <p>Places are in sets of eight. What was removed on purpose is counted by hash, in one of 4,096
 * words, or for all hashes: whoever has begun to fetch an answer before such a word has changed may
 * have read it before what it was removed for.
 *
 * <p>Any thread of any process.
 */
public final class CacheIndex {

    public static final String KIND = "cache";

    /** No place: the set is full of answers that are being fetched. */
    public static final long NOWHERE = -1;
    /** Seconds. A claim whose process is not known to have ended ends by itself. */
    public static final int CLAIM_S_MAX = 3600;

    static final int HEADER_WORDS = 128 + 4096;
    static final int WORDS = 4;
    static final long LOW = 0xffff_ffffL;
    /** Of word 3: it was pushed out of the small queue not long ago. */
    static final long GHOST = 1 << 23;
    /** Of word 3: it is in the main queue. */
    static final long MAIN = 1 << 22;
    static final long FREQUENCY_ONE = 1 << 20;
    static final long FREQUENCY = 3 << 20;

    private static final int WORDS_A_KEY =
            WORDS + CacheQueues.WORDS_A_KEY + CacheClaims.WORDS_A_KEY;
    private static final int LAYOUT = 4;
    private static final int COUNTERS_AT = 8;
    private static final int ANSWERS_AT = 56;
    private static final int ALL_PURGES_AT = 57;
    private static final int PURGES_AT = 128;
    private static final int WAYS = 8;
    private static final int HALF = 32;
    private static final long MISSES = FREQUENCY_ONE - 1;
    /** Files take whole blocks of the disk. */
    private static final long BLOCK_KB = 4;

    private final ZoneFile zone;
    private final CacheQueues queues;
    private final long setMask;
    private final CacheClaims claims;
    private final long placesEnd;

    /** What is counted; a constant's ordinal is its place. */
    public enum Count { HIT, MISS, EXPIRED, STALE, UPDATING, REVALIDATED, BYPASS, STORED, EVICTED,
        PURGED }

    public CacheIndex(ZoneFile zone) {
        this.zone = zone;
        long keys = (zone.wordCount() - HEADER_WORDS) / WORDS_A_KEY;
        placesEnd = HEADER_WORDS + keys * WORDS;
        setMask = keys / WAYS - 1;
        queues = new CacheQueues(this, zone, keys);
        claims = new CacheClaims(this, zone, placesEnd + keys * CacheQueues.WORDS_A_KEY);
        assert Long.bitCount(setMask + 1) == 1;
    }

    /** @param keys a power of two, at least eight */
    public static ZoneSpec spec(String name, int keys) {
        return new ZoneSpec(KIND, name, LAYOUT,
                HEADER_WORDS + (long) keys * WORDS_A_KEY, keys);
    }

    public ZoneFile zone() {
        return zone;
    }

    /** In which order answers leave. */
    public CacheQueues queues() {
        return queues;
    }

    /** Who fills which place. */
    public CacheClaims claims() {
        return claims;
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
     * The place of a hash, which it gets if it has none: a free one, else one without an answer,
     * else that of the answer that was used least and longest ago.
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
        long least = NOWHERE;
        for (long place = first; place < first + WAYS * WORDS; place += WORDS) {
            if (zone.get(place) == 0 && zone.compareAndSet(place, 0, hash)) {
                begin(place, nowS);
                return place;
            }
            if (claims.untilS(place) <= nowS && (least == NOWHERE || worth(place) < worth(least))) {
                least = place;
            }
        }
        if (least == NOWHERE) {
            return NOWHERE;
        }
        long old = zone.get(least);
        long serial = serial(least);
        if (!zone.compareAndSet(least, old, hash)) {
            return NOWHERE;
        }
        begin(least, nowS);
        if (serial != 0) {
            evicted.evicted(old, serial);
        }
        return least;
    }

    /** Told of answers that are in the index no longer, whose files are to be removed. */
    public interface Evicted {
        void evicted(long hash, long serial);
    }

    private void begin(long place, long nowS) {
        claims.forget(place);
        zone.set(place + 1, 0);
        setSize(place, nowS, 0);
        zone.set(place + 3, 0);
    }

    private long worth(long place) {
        long word = zone.get(place + 3);
        long uses = serial(place) == 0 ? 0
                : 1 + (word & FREQUENCY) / FREQUENCY_ONE + ((word & MAIN) == 0 ? 0 : 1);
        return uses << HALF | lastUseS(place);
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

    /** Its size has changed with its file, and the sum of all sizes with it. */
    private void setSize(long place, long nowS, long kb) {
        long word;
        do {
            word = zone.get(place + 2);
        } while (!zone.compareAndSet(place + 2, word, nowS << HALF | kb));
        queues.resized(place, word & LOW, kb);
    }

    /**
     * It was used. The words of what is used often are written once a second, so that many hits
     * do not fight for them.
     */
    public void used(long place, long nowS) {
        long word = zone.get(place + 2);
        if (word >>> HALF != nowS) {
            zone.compareAndSet(place + 2, word, nowS << HALF | word & LOW);
        }
        long marks = zone.get(place + 3);
        if ((marks & FREQUENCY) != FREQUENCY) {
            zone.compareAndSet(place + 3, marks, marks + FREQUENCY_ONE);
        }
    }

    /** It was asked for without being stored. @return how often by now */
    public long missed(long place) {
        long word = zone.get(place + 3);
        return (word & MISSES) == MISSES ? MISSES
                : (zone.getAndAdd(place + 3, 1) & MISSES) + 1;
    }

    // ---- files

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
        long word;
        do {
            word = zone.get(place + 1);
            if (zone.get(place) != hash) {
                return NOWHERE;
            }
            claims.forget(place);
        } while (!zone.compareAndSet(place + 1, word, serial));
        setSize(place, nowS, blocksKb(bytes));
        if ((word & LOW) == 0) {
            queues.enter(place, hash);
        }
        return word & LOW;
    }

    /** Whether it says how long the file is that counts; after that it does. */
    boolean isOfSize(long place, long hash, long serial, long bytes, long nowS) {
        long word = zone.get(place + 2);
        long kb = blocksKb(bytes);
        long right = Math.min(word >>> HALF, nowS) << HALF | kb;
        if (word == right || !holds(place, hash, serial)
                || !zone.compareAndSet(place + 2, word, right)) {
            return true;
        }
        queues.resized(place, word & LOW, kb);
        return false;
    }

    private static long blocksKb(long bytes) {
        long blockBytes = BLOCK_KB << 10;
        return Math.min(LOW, (bytes + blockBytes - 1) / blockBytes * BLOCK_KB);
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

    /** What is fetched of this hash by now is not for who asks from now on. */
    public void purged(long hash) {
        zone.getAndAdd(purgesAt(hash), 1);
    }

    /** The same of all hashes. */
    public void purgedAll() {
        zone.getAndAdd(ALL_PURGES_AT, 1);
    }

    /** Another number than before when what was fetched meanwhile may be of before a purge. */
    public long purges(long hash) {
        return zone.get(ALL_PURGES_AT) + zone.get(purgesAt(hash));
    }

    /** Sets are chosen by other bits. */
    private static long purgesAt(long hash) {
        return PURGES_AT + (hash >>> 48) % (HEADER_WORDS - PURGES_AT);
    }

    /**
     * The answer is stored no longer; who fetches it goes on.
     *
     * @return serial of the file that is to be removed, 0 when there was none
     */
    public long remove(long place, long hash) {
        long serial = empty(place, hash);
        if (serial != 0 && zone.get(place + 1) >>> HALF == 0) {
            zone.compareAndSet(place, hash, 0);
        }
        return serial;
    }

    /** As {@link #remove}; the place keeps its hash. */
    long empty(long place, long hash) {
        while (true) {
            long word = zone.get(place + 1);
            if (zone.get(place) != hash || (word & LOW) == 0) {
                return 0;
            }
            if (zone.compareAndSet(place + 1, word, word & ~LOW)) {
                setSize(place, lastUseS(place), 0);
                return word & LOW;
            }
        }
    }

    /** A place without an answer is free again. */
    void forget(long place) {
        long hash = zone.get(place);
        if (zone.get(place + 1) == 0 || claims.untilS(place) != 0 && serial(place) == 0) {
            zone.compareAndSet(place, hash, 0);
        }
    }

    // ---- all places

    public long firstPlace() {
        return HEADER_WORDS;
    }

    /** Behind the last place. */
    public long placesEnd() {
        return placesEnd;
    }

    public long nextPlace(long place) {
        return place + WORDS;
    }

    // ---- counters

    public void count(Count what) {
        count(what, 1);
    }

    public void count(Count what, long n) {
        zone.getAndAdd(COUNTERS_AT + what.ordinal(), n);
    }

    public long counted(Count what) {
        return zone.get(COUNTERS_AT + what.ordinal());
    }

    /** What a whole round of a sweep has found. */
    void tellAnswers(long count) {
        zone.set(ANSWERS_AT, count);
    }

    /** How many answers there were when a sweep went through all places the last time. */
    public long answerCount() {
        return zone.get(ANSWERS_AT);
    }
}
