package dev.sluice.common.zones;

import dev.sluice.common.config.LimitConfig;
import dev.sluice.common.config.SluiceConfig;

/**
 * How many requests of each key are in progress, over all workers: one word for each key, changed
 * by compare-and-set alone, and for each worker a journal of what it holds, so that the counts of
 * one that was killed at any instant are given back by the master.
 *
 * <pre>
 *   0                  T                        T + E
 *   | counters, as in  | E words of keys, in    | L lanes, each 8 + S words:               |
 *   | LimitZone        | sets of LimitZone.WAYS | target, step, 6 unused, S places it holds|
 *
 *    63         40 39       23 22    12 11     0
 *   | fingerprint | count     | lane   | serial |    the word of a key
 *   | place of the key        | serial | slot   | take or give back, the last bit |    a step
 * </pre>
 *
 * A key's word names the lane that changed it last. A lane writes down what it is about to do, does
 * it by one compare-and-set, then brings its journal up to date:
 *
 * <pre>
 *   step = which key, which serial, which slot, take or give back
 *   target = the word that the key will have
 *   compare-and-set of the key's word
 *   slot = the key, or nothing
 *   target = 0
 * </pre>
 *
 * Whoever changes a word that is another lane's target marks that target {@link #DONE} before. So
 * when a process has died with a target, its change was made if and only if the key's word is the
 * target still or the target is marked. The serial keeps words of a lane apart that would be equal
 * otherwise, or a slow neighbour would mark a target for the word of an older change. It goes on
 * from the last step, over the lives of processes too, and comes round after 4096 changes.
 *
 * <p>A key whose count is 0 leaves its word to whoever needs it. Two lanes that bring the same new
 * key at the same time may take different words; each looks at the whole set after its change, and
 * takes back what it did when it sees the key elsewhere. The later of the two always sees the
 * earlier, so no two are admitted on different words. A set in which all words have counts takes no
 * further key: that is told, and forgets nobody.
 *
 * <p>Owner: a lane belongs to the process that has it, then to the master; words of keys belong to
 * nobody.
 */
public final class HoldTable {

    public static final String KIND = "holds";

    /** The set of the key has no room; see {@link #take}. */
    public static final int FULL = -1;

    /** The most that may be counted of one key. */
    public static final int COUNT_MAX = (1 << 16) - 1;

    private static final int LAYOUT = 2;
    private static final int LANE_HEADER_WORDS = 8;
    private static final int TARGET = 0;
    private static final int STEP = 1;
    private static final long DONE = 1;
    private static final int SLOTS_MIN = 64;
    private static final int SLOTS_DEFAULT = 1 << 14;
    private static final int SLOTS_MAX = 1 << 16;
    private static final int TRIES_MAX = 10_000;

    private static final int SERIAL_BITS = 12;
    private static final int LANE_BITS = 11;
    private static final int COUNT_AT = SERIAL_BITS + LANE_BITS;
    private static final int COUNT_BITS = 17;
    private static final int FINGERPRINT_AT = COUNT_AT + COUNT_BITS;
    private static final long SERIAL_MASK = (1 << SERIAL_BITS) - 1;
    private static final long ONE = 1L << COUNT_AT;
    /** The lane of the master, which writes no journal. */
    private static final int NOBODY = (1 << LANE_BITS) - 1;

    private static final int SLOT_BITS = 17;
    private static final int STEP_SERIAL_AT = SLOT_BITS + 1;
    private static final int INDEX_AT = STEP_SERIAL_AT + SERIAL_BITS;

    private final ZoneFile zone;
    private final int laneCount;
    private final int slotCount;
    private final long setMask;
    private final long lanesAt;

    public HoldTable(ZoneFile zone) {
        this.zone = zone;
        laneCount = (int) (zone.spec().identity() >>> Integer.SIZE);
        slotCount = (int) zone.spec().identity();
        lanesAt = zone.wordCount() - (long) laneCount * (LANE_HEADER_WORDS + slotCount);
        setMask = (lanesAt - LimitZone.tableAt()) / LimitZone.WAYS - 1;
        assert Long.bitCount(setMask + 1) == 1;
    }

    /** As many slots as a worker has connections, in powers of two. */
    public static ZoneSpec spec(LimitConfig limit, SluiceConfig config) {
        int connections = config.events() == null ? SLOTS_DEFAULT
                : config.events().workerConnections();
        int slots = Math.clamp(Integer.highestOneBit(Math.max(2, connections) - 1) << 1,
                SLOTS_MIN, SLOTS_MAX);
        return spec(limit.name(), limit.entryCount(), PeerTable.lanes(config), slots);
    }

    static ZoneSpec spec(String name, int keys, int lanes, int slots) {
        long words = LimitZone.tableAt() + keys + (long) lanes * (LANE_HEADER_WORDS + slots);
        return new ZoneSpec(KIND, name, LAYOUT, words, (long) lanes << Integer.SIZE | slots);
    }

    public int laneCount() {
        return laneCount;
    }

    /** How many requests a lane can hold. */
    public int slotCount() {
        return slotCount;
    }

    // ---- what the process that has the lane does

    /**
     * Counts one more of a key, unless {@code most} are in progress.
     *
     * @param slot of the lane, empty; it holds the request if this returns less than {@code most}
     * @param hash of the key, not 0
     * @return how many were in progress, or {@link #FULL}
     */
    public int take(int lane, int slot, long hash, int most) {
        assert zone.get(slotAt(lane, slot)) == 0 && most <= COUNT_MAX;
        long fingerprint = Math.max(1, hash >>> FINGERPRINT_AT);
        long first = LimitZone.tableAt() + (hash & setMask) * LimitZone.WAYS;
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            long index = place(first, fingerprint);
            if (index < 0) {
                return FULL;
            }
            long old = zone.get(index);
            boolean known = old >>> FINGERPRINT_AT == fingerprint;
            int count = count(old);
            if (known && count >= most) {
                return count;
            }
            if (!known && count > 0) {
                continue;
            }
            if (change(lane, slot, true, index, old, word(fingerprint, count + 1, lane))) {
                if (alone(first, index, fingerprint)) {
                    return count;
                }
                giveBack(lane, slot);
            }
            for (int spins = lane & 7; spins >= 0; spins--) {
                Thread.onSpinWait();
            }
        }
        return FULL;
    }

    /** Where the key is counted, else the first word that is free, else -1. */
    private long place(long first, long fingerprint) {
        long free = -1;
        long resting = -1;
        for (long index = first; index < first + LimitZone.WAYS; index++) {
            long word = zone.get(index);
            boolean known = word >>> FINGERPRINT_AT == fingerprint;
            if (count(word) > 0) {
                if (known) {
                    return index;
                }
            } else if (known && resting < 0) {
                resting = index;
            } else if (free < 0) {
                free = index;
            }
        }
        return resting >= 0 ? resting : free;
    }

    private boolean alone(long first, long mine, long fingerprint) {
        for (long index = first; index < first + LimitZone.WAYS; index++) {
            if (index != mine) {
                long word = zone.get(index);
                if (word >>> FINGERPRINT_AT == fingerprint && count(word) > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A request that the slot holds has ended. */
    public void giveBack(int lane, int slot) {
        long index = zone.get(slotAt(lane, slot)) - 1;
        assert index >= LimitZone.tableAt() && index < lanesAt;
        while (true) {
            long old = zone.get(index);
            assert count(old) > 0;
            long fingerprint = old >>> FINGERPRINT_AT;
            if (change(lane, slot, false, index, old, word(fingerprint, count(old) - 1, lane))) {
                return;
            }
        }
    }

    private boolean change(
            int lane, int slot, boolean take, long index, long old, long next) {
        confirm(old, lane);
        long header = laneAt(lane);
        zone.set(header + STEP, index << INDEX_AT | (next & SERIAL_MASK) << STEP_SERIAL_AT
                | (long) slot << 1 | (take ? 1 : 0));
        zone.set(header + TARGET, next);
        boolean changed = zone.compareAndSet(index, old, next);
        if (changed) {
            zone.set(slotAt(lane, slot), take ? index + 1 : 0);
        }
        zone.set(header + TARGET, 0);
        return changed;
    }

    /** The word is about to go: if it is what its lane is doing just now, then that is done. */
    private void confirm(long word, int self) {
        int lane = (int) (word >>> SERIAL_BITS) & NOBODY;
        // A word that was never used is no target: those without one look the same.
        if (word != 0 && lane != self && lane < laneCount) {
            long target = laneAt(lane) + TARGET;
            if (zone.get(target) == word) {
                zone.compareAndSet(target, word, DONE);
            }
        }
    }

    private long word(long fingerprint, int count, int lane) {
        long serial = (zone.get(laneAt(lane) + STEP) >>> STEP_SERIAL_AT) + 1 & SERIAL_MASK;
        return fingerprint << FINGERPRINT_AT | (long) count << COUNT_AT
                | (long) lane << SERIAL_BITS | serial;
    }

    private static int count(long word) {
        return (int) (word >>> COUNT_AT) & (1 << COUNT_BITS) - 1;
    }

    private long laneAt(int lane) {
        assert lane >= 0 && lane < laneCount;
        return lanesAt + (long) lane * (LANE_HEADER_WORDS + slotCount);
    }

    private long slotAt(int lane, int slot) {
        assert slot >= 0 && slot < slotCount;
        return laneAt(lane) + LANE_HEADER_WORDS + slot;
    }

    // ---- what the master does

    /**
     * Gives back what a process had that is gone. Living ones may go on meanwhile.
     *
     * @return how many requests it held
     */
    public int clearLane(int lane) {
        if (lane >= laneCount) {
            return 0;
        }
        finishStep(lane);
        int held = 0;
        for (int slot = 0; slot < slotCount; slot++) {
            long index = zone.get(slotAt(lane, slot)) - 1;
            if (index >= LimitZone.tableAt() && index < lanesAt) {
                drop(index);
                held++;
            }
            zone.set(slotAt(lane, slot), 0);
        }
        return held;
    }

    private void finishStep(int lane) {
        long header = laneAt(lane);
        long target = zone.get(header + TARGET);
        if (target == 0) {
            return;
        }
        long step = zone.get(header + STEP);
        long index = step >>> INDEX_AT;
        int slot = (int) (step >>> 1) & (1 << SLOT_BITS) - 1;
        if (index >= LimitZone.tableAt() && index < lanesAt && slot < slotCount) {
            // The mark is looked at last: a living lane sets it before it changes the word.
            boolean done = target == DONE || zone.get(index) == target
                    || zone.get(header + TARGET) == DONE;
            boolean take = (step & 1) != 0;
            zone.set(slotAt(lane, slot), take == done ? index + 1 : 0);
        }
        zone.set(header + TARGET, 0);
    }

    private void drop(long index) {
        while (true) {
            long old = zone.get(index);
            if (count(old) == 0) {
                return;
            }
            confirm(old, NOBODY);
            long next = old - ONE | (long) NOBODY << SERIAL_BITS;
            if (zone.compareAndSet(index, old, next)) {
                return;
            }
        }
    }

    // ---- for tests and readers

    /** How many requests of all keys together are in progress. */
    public long inProgress() {
        long sum = 0;
        for (long index = LimitZone.tableAt(); index < lanesAt; index++) {
            sum += count(zone.get(index));
        }
        return sum;
    }
}
