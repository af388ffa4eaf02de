package dev.sluice.common.zones;

import dev.sluice.common.config.LimitConfig;
import dev.sluice.common.config.LimitRate;
import dev.sluice.common.control.WorkerOptions;

/**
 * The order of words in the zone of a {@code [limit]} of a rate; one of connections begins with
 * the same counters (see {@link HoldTable}):
 *
 * <pre>
 *   0                                    8 x LANES_MAX
 *   | 8 counters of lane 0 | lane 1 | ... | one word for each key, in sets of {@value #WAYS} |
 * </pre>
 *
 * A row of counters is written by the worker that has the lane, and by the next one that gets it;
 * the master sums them. Stateless.
 */
public final class LimitZone {

    /** The kind of the zone of a rate. */
    public static final String KIND = "limit";

    /** Keys that share a place of the table: one cache line. */
    public static final int WAYS = 8;

    /** What is counted for a limit; a constant's ordinal is its place in the row. */
    public enum Count {
        PASSED("passed"),
        DELAYED("delayed"),
        REJECTED("rejected"),
        DELAYED_SHADOW("delayed_shadow"),
        REJECTED_SHADOW("rejected_shadow"),
        /** Keys that were forgotten before they were at rest, to make room. */
        EVICTED("evicted"),
        /** Requests refused because the table had no room for their key: connections only. */
        FULL("full");

        private final String label;

        Count(String label) {
            this.label = label;
        }

        /** The value of the metrics label. */
        public String label() {
            return label;
        }
    }

    private static final int LAYOUT = 1;
    private static final int ROW_WORDS = 8;
    private static final long TABLE_AT = (long) ROW_WORDS * WorkerOptions.LANES_MAX;

    private LimitZone() {}

    /** Times in the table are fractions of the rate's own interval, so a rate is an identity. */
    public static ZoneSpec spec(LimitConfig limit) {
        LimitRate rate = limit.rate();
        long identity = rate.count() * 31L + rate.periodMs();
        return new ZoneSpec(KIND, limit.name(), LAYOUT, TABLE_AT + limit.entryCount(), identity);
    }

    /** The word of the first key. */
    public static long tableAt() {
        return TABLE_AT;
    }

    /** Keys that a zone can hold. */
    public static long entryCount(ZoneFile zone) {
        return zone.wordCount() - TABLE_AT;
    }

    /** Counts one; only the worker that has the lane. */
    public static void count(ZoneFile zone, int lane, Count what) {
        long at = (long) lane * ROW_WORDS + what.ordinal();
        zone.set(at, zone.get(at) + 1);
    }

    /** What all workers have counted since the zone was made. */
    public static long total(ZoneFile zone, Count what) {
        long sum = 0;
        for (int lane = 0; lane < WorkerOptions.LANES_MAX; lane++) {
            sum += zone.get((long) lane * ROW_WORDS + what.ordinal());
        }
        return sum;
    }
}
