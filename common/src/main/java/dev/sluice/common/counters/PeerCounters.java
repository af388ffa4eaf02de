package dev.sluice.common.counters;

import java.lang.foreign.MemorySegment;

/** Counters of one peer of an upstream. Owner: event loop. */
public final class PeerCounters {
    private static final int FIRST_CLASS = PeerCounterId.RESPONSES_1XX.ordinal();

    private final MemorySegment words;
    private final int[] scalarAt;
    private final long timesAt;

    PeerCounters(MemorySegment words, CounterLayout layout, int blockAt) {
        this.words = words;
        scalarAt = BlockPlaces.in(layout.peerScalarAt, blockAt, layout.unreadAt);
        timesAt = (long) blockAt + layout.peerTimesAt;
    }

    public void add(PeerCounterId id, long n) {
        CounterWords.add(words, scalarAt[id.ordinal()], n);
    }

    public long get(PeerCounterId id) {
        return CounterWords.read(words, scalarAt[id.ordinal()]);
    }

    /** Counts a final response head by its class; anything but 1xx to 5xx is not counted. */
    public void recordStatus(int status) {
        int statusClass = status / 100;
        if (statusClass >= 1 && statusClass <= 5) {
            CounterWords.add(words, scalarAt[FIRST_CLASS + statusClass - 1], 1);
        }
    }

    /** Time from the first byte of the request sent to the last byte of the response read. */
    public void recordResponseNs(long durationNs) {
        CounterWords.record(words, timesAt, HistogramBounds.TIMES, durationNs);
    }
}
