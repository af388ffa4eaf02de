package dev.sluice.common.counters;

import java.lang.foreign.MemorySegment;

/** Counters of one server section. Owner: event loop. */
public final class ServerCounters {
    private static final int FIRST_CLASS = ServerCounterId.RESPONSES_NONE.ordinal();

    private final MemorySegment words;
    private final int[] scalarAt;
    private final long timesAt;

    ServerCounters(MemorySegment words, CounterLayout layout, int blockAt) {
        this.words = words;
        scalarAt = BlockPlaces.in(layout.serverScalarAt, blockAt, layout.unreadAt);
        timesAt = (long) blockAt + layout.serverTimesAt;
    }

    public void add(ServerCounterId id, long n) {
        CounterWords.add(words, scalarAt[id.ordinal()], n);
    }

    public long get(ServerCounterId id) {
        return CounterWords.read(words, scalarAt[id.ordinal()]);
    }

    /** Counts a time alone, of a block that is no server's. */
    public void recordTime(long durationNs) {
        CounterWords.record(words, timesAt, HistogramBounds.TIMES, durationNs);
    }

    /**
     * Counts an exchange at its end.
     *
     * @param status of the response, 0 when none was decided
     * @param bytesIn head and body received
     * @param bytesOut head and body sent
     * @param durationNs from the first byte of the request to the last of the response
     */
    public void recordRequest(int status, long bytesIn, long bytesOut, long durationNs) {
        int statusClass = status / 100;
        if (statusClass < 0 || statusClass > 5) {
            statusClass = 0;
        }
        CounterWords.add(words, scalarAt[ServerCounterId.REQUESTS.ordinal()], 1);
        CounterWords.add(words, scalarAt[ServerCounterId.BYTES_RECEIVED.ordinal()], bytesIn);
        CounterWords.add(words, scalarAt[ServerCounterId.BYTES_SENT.ordinal()], bytesOut);
        CounterWords.add(words, scalarAt[FIRST_CLASS + statusClass], 1);
        CounterWords.record(words, timesAt, HistogramBounds.TIMES, durationNs);
    }
}
