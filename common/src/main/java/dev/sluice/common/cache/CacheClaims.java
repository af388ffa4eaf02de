package dev.sluice.common.cache;

import dev.sluice.common.linux.LiveProcess;
import dev.sluice.common.zones.ZoneFile;

/**
 * Who fetches an answer for all: a place whose claim has not passed is being filled by one
 * process, and others wait for it. Until when it is claimed is a half of word 1 of the place; whose
 * the claim is says one word more, behind all else of the index:
 *
 * <pre>
 *   | number of the claim 32 | process 32 |   0: not known
 * </pre>
 *
 * A claim ends when something is stored, when nothing has come of it, by its time, or with its
 * process: that is looked at by who wants the same place, and by nobody else. Each step leaves a
 * claim that ends by its time at the latest, should the process be killed there.
 *
 * <p>Any thread of any process.
 */
public final class CacheClaims {

    /** Nobody's claim. */
    public static final long NONE = 0;

    static final int WORDS_A_KEY = 1;

    private static final int HALF = 32;
    private static final long ME = ProcessHandle.current().pid();

    private final CacheIndex index;
    private final ZoneFile zone;
    private final long ownersFrom;

    CacheClaims(CacheIndex index, ZoneFile zone, long ownersFrom) {
        this.index = index;
        this.zone = zone;
        this.ownersFrom = ownersFrom;
    }

    long ownerAt(long place) {
        return ownersFrom + (place - CacheIndex.HEADER_WORDS) / CacheIndex.WORDS;
    }

    /** Seconds since 1970; 0 when nobody has claimed it. */
    public long untilS(long place) {
        return zone.get(place + 1) >>> HALF;
    }

    /**
     * Claims a place that nobody has claimed, or whose claim has ended.
     *
     * @return what {@link #release} is to be told; {@link #NONE} when the place is not this
     *     process's to fill, until then
     */
    public long take(long place, long hash, long nowS, long untilS) {
        long owner = zone.get(ownerAt(place));
        long word = zone.get(place + 1);
        boolean open = word >>> HALF <= nowS;
        long claimed = untilS << HALF | word & CacheIndex.LOW;
        if (zone.get(place) != hash || !open && !isDead(owner)
                || open && !zone.compareAndSet(place + 1, word, claimed)) {
            return NONE;
        }
        // Of several who find the claim of a process that has ended, one changes this word.
        long mine = index.newSerial() << HALF | ME;
        if (!zone.compareAndSet(ownerAt(place), owner, mine)) {
            return NONE;
        }
        if (!open) {
            zone.compareAndSet(place + 1, word, claimed);
        }
        return mine;
    }

    /** Nothing came of a claim. Another's that has followed it stays. */
    public void release(long place, long hash, long claim) {
        long word = zone.get(place + 1);
        if (zone.get(place) == hash && zone.compareAndSet(ownerAt(place), claim, NONE)) {
            zone.compareAndSet(place + 1, word, word & CacheIndex.LOW);
        }
    }

    /** Whether nobody fills the place any more. */
    public boolean isOver(long place, long nowS) {
        return untilS(place) <= nowS || isDead(zone.get(ownerAt(place)));
    }

    /** Whose it was does not count, whatever becomes of the place. */
    void forget(long place) {
        zone.set(ownerAt(place), NONE);
    }

    private static boolean isDead(long owner) {
        long process = owner & CacheIndex.LOW;
        return owner != NONE && process != ME && !LiveProcess.is(process);
    }
}
