package dev.sluice.worker.limit;

import dev.sluice.common.config.LimitRate;
import dev.sluice.common.zones.LimitZone;
import dev.sluice.common.zones.ZoneFile;

/**
 * The generic cell rate algorithm over a table that all workers share. A key's state is one word,
 * changed by compare-and-set alone, so it is consistent at every instant, also when a worker is
 * killed:
 *
 * <pre>
 *    63                 36 35                                     0
 *   | fingerprint, not 0  | theoretical arrival time (TAT), ticks  |
 * </pre>
 *
 * A tick is an exact fraction of the rate's interval, 1/256 of it below 4096 requests a second, so
 * that nothing is rounded but the time of day, downwards. Ticks are counted modulo 2^36, which is
 * never less than 18 hours; a key whose TAT has passed is at rest, and whoever needs its word takes
 * it. A key that has rested for nearly a whole round, within 0.03 % of it, may for once be judged
 * as if it were not at rest.
 *
 * <p>A key stands in one of the {@link LimitZone#WAYS} words of its set. A new key takes the word
 * with the earliest TAT, the first of equals. So two workers that bring the same new key at the
 * same time choose the same word, and one of them finds it taken: TATs in a set only grow, and a
 * compare-and-set fails if the word grew since it was read. This holds as long as no key is
 * forgotten before it is at rest; such evictions are counted.
 *
 * <p>In any time t at most floor(rate x t) + burst + 1 requests of a key are admitted, over all
 * workers, and as many are if they come. The time is CLOCK_MONOTONIC, the same in all processes of
 * a machine; the zone is in memory and does not outlive a reboot.
 *
 * <p>Owner: event loop; the words belong to nobody.
 */
final class RateTable {

    private static final int TAT_BITS = 36;
    private static final long TAT_MASK = (1L << TAT_BITS) - 1;
    private static final int PARTS_MAX = 256;
    private static final long TICKS_PER_SECOND_MAX = 1L << 20;
    private static final long NS_PER_MS = 1_000_000;
    private static final long HORIZON_MIN = 1L << 24;

    private final ZoneFile zone;
    private final long setMask;
    private final long periodNs;
    /** Ticks of the interval between two requests at the rate. */
    private final int parts;
    private final long ticksPerPeriod;
    /** A TAT further away than this is one of the round before. */
    private final long horizon;
    private boolean evicted;

    /** @param burstMax the largest burst that any location asks with */
    RateTable(ZoneFile zone, LimitRate rate, int burstMax) {
        this.zone = zone;
        this.setMask = LimitZone.entryCount(zone) / LimitZone.WAYS - 1;
        assert Long.bitCount(setMask + 1) == 1;
        this.periodNs = rate.periodMs() * NS_PER_MS;
        this.parts = parts(rate);
        this.ticksPerPeriod = (long) parts * rate.count();
        this.horizon = Math.max(HORIZON_MIN, 2 * parts * (burstMax + 2L));
    }

    private static int parts(LimitRate rate) {
        long byRound = TICKS_PER_SECOND_MAX * (rate.periodMs() / 1000) / rate.count();
        long byProduct = Long.MAX_VALUE / (rate.periodMs() * NS_PER_MS) / rate.count();
        return Math.clamp(Math.min(byRound, byProduct), 1, PARTS_MAX);
    }

    /** Ticks between two requests at the rate. */
    int parts() {
        return parts;
    }

    /** The time as ticks. */
    long ticks(long nowNs) {
        long periods = nowNs / periodNs;
        return periods * ticksPerPeriod + (nowNs - periods * periodNs) * ticksPerPeriod / periodNs;
    }

    /** How long so many ticks are at least. */
    long ns(long ticks) {
        long periods = ticks / ticksPerPeriod;
        long rest = ticks - periods * ticksPerPeriod;
        return periods * periodNs + (rest * periodNs + ticksPerPeriod - 1) / ticksPerPeriod;
    }

    /** Whether the last {@link #charge} has forgotten a key that was not at rest. */
    boolean evicted() {
        return evicted;
    }

    /**
     * How far a key is ahead of its rate, without a request of it.
     *
     * @return ticks, 0 for a key at rest
     */
    long ahead(long hash, long now) {
        long fingerprint = fingerprint(hash);
        long first = firstOf(hash);
        for (int i = 0; i < LimitZone.WAYS; i++) {
            long word = zone.get(first + i);
            if (word >>> TAT_BITS == fingerprint) {
                return Math.max(0, ahead0(word, now));
            }
        }
        return 0;
    }

    /**
     * One request of a key, unless it is further ahead than {@code most}.
     *
     * @return how far it was ahead before this request, in ticks; beyond {@code most} the request
     *     is not admitted and nothing has changed
     */
    long charge(long hash, long now, long most) {
        evicted = false;
        long fingerprint = fingerprint(hash);
        long first = firstOf(hash);
        while (true) {
            int victim = -1;
            long victimAhead = Long.MAX_VALUE;
            long victimWord = 0;
            boolean lost = false;
            for (int i = 0; i < LimitZone.WAYS && !lost; i++) {
                long word = zone.get(first + i);
                long ahead = ahead0(word, now);
                if (word >>> TAT_BITS == fingerprint) {
                    ahead = Math.max(0, ahead);
                    if (ahead > most || zone.compareAndSet(first + i, word,
                            word(fingerprint, now + ahead + parts))) {
                        return ahead;
                    }
                    lost = true;
                } else if (ahead < victimAhead) {
                    victim = i;
                    victimAhead = ahead;
                    victimWord = word;
                }
            }
            if (!lost && zone.compareAndSet(first + victim, victimWord,
                    word(fingerprint, now + parts))) {
                evicted = victimAhead > 0;
                return 0;
            }
        }
    }

    /** Negative for a key at rest, the further the longer; an empty word has rested for ever. */
    private long ahead0(long word, long now) {
        if (word == 0) {
            return Long.MIN_VALUE;
        }
        long ahead = (word - now) << (Long.SIZE - TAT_BITS) >> (Long.SIZE - TAT_BITS);
        return ahead > horizon ? Long.MIN_VALUE + 1 : ahead;
    }

    private static long word(long fingerprint, long tat) {
        return fingerprint << TAT_BITS | tat & TAT_MASK;
    }

    private long firstOf(long hash) {
        return LimitZone.tableAt() + (hash & setMask) * LimitZone.WAYS;
    }

    private static long fingerprint(long hash) {
        return Math.max(1, hash >>> TAT_BITS);
    }
}
