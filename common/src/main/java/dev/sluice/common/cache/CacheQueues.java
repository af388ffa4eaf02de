package dev.sluice.common.cache;

import dev.sluice.common.zones.ZoneFile;

/**
 * In which order the answers of a cache leave it when it is full: S3-FIFO (Yang et al., SOSP
 * 2023), for all processes at once. A new answer begins in the small queue; one that was asked for
 * again when its turn comes there goes on into the main queue, any other leaves and its place
 * stays a ghost for a while: an answer that comes back as a ghost begins in the main queue. In the
 * main queue each use, of which three are remembered, is one more round.
 *
 * <pre>
 *   new ──► small ──┬─ asked for again ──► main ◄──┐
 *     │             │                        │     ├─ asked for again
 *     │             └─ not ──► ghost  ▲      └─────┤
 *     └─ known as a ghost ────────────┘            └─ not ──► gone
 *
 *   word of the index
 *   64, 72    small queue: taken so far, put so far       96    KiB stored so far
 *   80, 88    main queue: the same                       104    KiB removed so far
 *   120       KiB of what is not in the main queue       112    ghosts made so far
 *   behind the places: small queue, main queue, each of as many words as there are places
 *   of each word  | upper half of the hash | number of the place, from 1 |
 * </pre>
 *
 * A word of a queue whose place holds another answer by now, or none, says nothing and is passed
 * over when its turn comes. A process that dies between two steps leaves at most one answer that
 * is in no queue; it goes when nobody has asked for it for long, or when its place is wanted.
 *
 * <p>Any thread of any process.
 */
public final class CacheQueues {

    static final int WORDS_A_KEY = 2;

    private static final int SMALL_AT = 64;
    private static final int MAIN_AT = 80;
    /** From the word of what was taken to that of what was put. */
    private static final int PUT = 8;
    private static final int STORED_KB_AT = 96;
    private static final int REMOVED_KB_AT = 104;
    private static final int GHOSTS_AT = 112;
    private static final int SMALL_KB_AT = 120;
    /** The small queue has a tenth of the room. */
    private static final int SMALL_SHARE = 10;
    private static final int HALF = 32;
    private static final long NOTHING = 0;

    private final CacheIndex index;
    private final ZoneFile zone;
    private final long mask;
    private final long smallFrom;
    private final long mainFrom;

    CacheQueues(CacheIndex index, ZoneFile zone, long keys) {
        this.index = index;
        this.zone = zone;
        this.mask = keys - 1;
        this.smallFrom = CacheIndex.HEADER_WORDS + keys * CacheIndex.WORDS;
        this.mainFrom = smallFrom + keys;
    }

    // ---- how much there is

    void resized(long place, long beforeKb, long afterKb) {
        if (afterKb != 0) {
            zone.getAndAdd(STORED_KB_AT, afterKb);
        }
        if (beforeKb != 0) {
            zone.getAndAdd(REMOVED_KB_AT, beforeKb);
        }
        if (!isMain(place)) {
            zone.getAndAdd(SMALL_KB_AT, afterKb - beforeKb);
        }
    }

    boolean isMain(long place) {
        return (zone.get(place + 3) & CacheIndex.MAIN) != 0;
    }

    /** What all files take, in KiB. */
    public long totalKb() {
        return zone.get(STORED_KB_AT) - zone.get(REMOVED_KB_AT);
    }

    /** Of these, what is not in the main queue. */
    long smallKb() {
        return zone.get(SMALL_KB_AT);
    }

    /** How much has changed, ever. */
    long changedKb() {
        return zone.get(STORED_KB_AT) + zone.get(REMOVED_KB_AT);
    }

    /** Puts the sums right after a count. */
    void correct(long excessKb, long smallExcessKb) {
        zone.getAndAdd(STORED_KB_AT, -excessKb);
        zone.getAndAdd(SMALL_KB_AT, -smallExcessKb);
    }

    // ---- entering

    /** The place has an answer, and had none before. */
    void enter(long place, long hash) {
        long marks = zone.get(place + 3);
        boolean known = (marks & CacheIndex.GHOST) != 0 && isYoung(marks >>> HALF);
        zone.set(place + 3, known ? CacheIndex.MAIN : 0);
        // Its size was counted by the mark before: one that was removed while it was asked for
        // again may have that of the main queue still.
        long movedKb = known ? -index.sizeKb(place) : index.sizeKb(place);
        if (known != ((marks & CacheIndex.MAIN) != 0)) {
            zone.getAndAdd(SMALL_KB_AT, movedKb);
        }
        int queue = known ? MAIN_AT : SMALL_AT;
        for (long tries = 0; tries <= mask && !put(queue, place, hash); tries++) {
            // Full: of words that say nothing, mostly.
            long word = take(queue);
            if (word != NOTHING && isOfAnswer(word, !known)) {
                put(queue, placeOf(word), index.hash(placeOf(word)));
            }
        }
    }

    /** Ghosts are as many as answers. */
    private boolean isYoung(long mark) {
        return (zone.get(GHOSTS_AT) - mark & CacheIndex.LOW) < length(SMALL_AT) + length(MAIN_AT);
    }

    // ---- leaving

    /**
     * Lets answers go until all fits.
     *
     * @param evicted told of each, to remove its file
     */
    public void keepWithin(long maxKb, CacheIndex.Evicted evicted) {
        // Each has three rounds more at most, but for what is used right now.
        long steps = 8 * (length(SMALL_AT) + length(MAIN_AT)) + 1;
        while (totalKb() > maxKb && steps-- > 0) {
            boolean small = smallKb() * SMALL_SHARE >= totalKb() && length(SMALL_AT) > 0
                    || length(MAIN_AT) == 0;
            long word = take(small ? SMALL_AT : MAIN_AT);
            while (word != NOTHING && isOfAnswer(word, small)
                    && !decided(small, placeOf(word), evicted)) {
                // It was used at this moment.
            }
        }
    }

    /** Whether the word says something still. */
    private boolean isOfAnswer(long word, boolean small) {
        long place = placeOf(word);
        return index.hash(place) >>> HALF == word >>> HALF && index.serial(place) != 0
                && isMain(place) != small;
    }

    /** @return false when its marks have changed meanwhile */
    private boolean decided(boolean small, long place, CacheIndex.Evicted evicted) {
        long hash = index.hash(place);
        long marks = zone.get(place + 3);
        long uses = marks & CacheIndex.FREQUENCY;
        if (uses != 0) {
            long left = small ? marks - uses | CacheIndex.MAIN : marks - CacheIndex.FREQUENCY_ONE;
            if (!zone.compareAndSet(place + 3, marks, left)) {
                return false;
            }
            if (small) {
                zone.getAndAdd(SMALL_KB_AT, -index.sizeKb(place));
            }
            if (put(MAIN_AT, place, hash)) {
                return true;
            }
        } else if (small) {
            long mark = zone.getAndAdd(GHOSTS_AT, 1) & CacheIndex.LOW;
            if (!zone.compareAndSet(place + 3, marks, mark << HALF | CacheIndex.GHOST)) {
                return false;
            }
        }
        long serial = small ? index.empty(place, hash) : index.remove(place, hash);
        if (serial != 0) {
            index.count(CacheIndex.Count.EVICTED);
            evicted.evicted(hash, serial);
        }
        return true;
    }

    // ---- the queues

    private long length(int queue) {
        return Math.max(0, zone.get(queue + PUT) - zone.get(queue));
    }

    private long word(int queue, long number) {
        return (queue == SMALL_AT ? smallFrom : mainFrom) + (number & mask);
    }

    private long placeOf(long word) {
        return CacheIndex.HEADER_WORDS + ((word & CacheIndex.LOW) - 1) * CacheIndex.WORDS;
    }

    /** @return false when the queue is full */
    private boolean put(int queue, long place, long hash) {
        while (true) {
            long number = zone.get(queue + PUT);
            if (number - zone.get(queue) > mask) {
                return false;
            }
            if (zone.compareAndSet(queue + PUT, number, number + 1)) {
                long placeNumber = (place - CacheIndex.HEADER_WORDS) / CacheIndex.WORDS + 1;
                zone.set(word(queue, number), hash >>> HALF << HALF | placeNumber);
                return true;
            }
        }
    }

    /** The word that was put first; {@link #NOTHING} when there is none. */
    private long take(int queue) {
        while (true) {
            long number = zone.get(queue);
            if (number >= zone.get(queue + PUT)) {
                return NOTHING;
            }
            // Nobody writes it again before it is taken.
            long word = zone.get(word(queue, number));
            if (zone.compareAndSet(queue, number, number + 1)) {
                return word;
            }
        }
    }
}
