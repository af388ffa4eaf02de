package dev.sluice.common.cache;

/**
 * Goes through the index of a cache, a part of it at a time: removes what nobody has asked for for
 * long, and what is too much where the bound is lower than it was. What is stored makes its own
 * room, see {@link CacheQueues}.
 *
 * <p>Owner: one thread that may take its time.
 */
public final class CacheSweep {

    /** 65,536 of them, two megabytes, or a sixteenth of all: less than a millisecond. */
    private static final long PLACES_MIN = 1 << 16;
    private static final int PARTS = 16;

    private final CacheFolder folder;
    private final CacheIndex index;
    private final CacheQueues queues;
    private final long part;
    private long next;
    private long kb;
    private long smallKb;
    private long changedBeforeKb;
    private long count;

    public CacheSweep(CacheFolder folder) {
        this.folder = folder;
        this.index = folder.index();
        this.queues = index.queues();
        this.next = index.placesEnd();
        long words = index.placesEnd() - index.firstPlace();
        this.part = Math.max(PLACES_MIN * CacheIndex.WORDS, words / PARTS);
    }

    /**
     * Removes what is too old in one part, and what is too much.
     *
     * @param sizeMax bytes
     * @param inactiveS how long an answer is kept that nobody asks for
     */
    public void run(long nowS, long sizeMax, long inactiveS) {
        if (next == index.placesEnd()) {
            next = index.firstPlace();
            kb = 0;
            smallKb = 0;
            count = 0;
            changedBeforeKb = queues.changedKb();
        }
        long end = Math.min(index.placesEnd(), next + part);
        for (long place = next; place < end; place = index.nextPlace(place)) {
            if (index.hash(place) != 0) {
                look(place, nowS, inactiveS, sizeMax >>> 10);
            }
        }
        next = end;
        if (end == index.placesEnd()) {
            index.tellAnswers(count);
            correct();
        }
        queues.keepWithin(sizeMax >>> 10, folder::discard);
    }

    private void look(long place, long nowS, long inactiveS, long kbMax) {
        if (index.sizeKb(place) > kbMax && index.serial(place) != 0) {
            // It would leave anyhow; if it is not true, nothing else shall leave for it.
            evict(place);
            return;
        }
        if (nowS - index.lastUseS(place) > inactiveS && index.claims().untilS(place) <= nowS) {
            if (index.serial(place) == 0) {
                index.forget(place);
            } else {
                evict(place);
            }
        } else if (index.serial(place) != 0) {
            kb += index.sizeKb(place);
            smallKb += queues.isMain(place) ? 0 : index.sizeKb(place);
            count++;
        }
    }

    private void evict(long place) {
        long hash = index.hash(place);
        long serial = hash == 0 ? 0 : index.remove(place, hash);
        if (serial != 0) {
            folder.discard(hash, serial);
            index.count(CacheIndex.Count.EVICTED);
        }
    }

    /** A process that was killed may have left the sums wrong, by more than has changed since. */
    private void correct() {
        long excess = queues.totalKb() - kb;
        long smallExcess = queues.smallKb() - smallKb;
        long changed = queues.changedKb() - changedBeforeKb;
        if (Math.abs(excess) > changed || Math.abs(smallExcess) > changed) {
            queues.correct(excess, smallExcess);
        }
    }
}
