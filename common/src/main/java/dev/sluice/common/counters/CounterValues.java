package dev.sluice.common.counters;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of all values of one counter file. Each value is exact; values are not of one instant,
 * since the worker goes on while they are read. Immutable once made.
 */
public final class CounterValues {
    private final CounterLabels labels;
    private final long[] scalars = new long[CounterId.values().length];
    private final long[] terminations;
    private final HistogramCounts loopLag;
    private final List<ServerValues> servers = new ArrayList<>();
    private final List<PeerValues> peers = new ArrayList<>();
    private final long[] named;

    private CounterValues(CounterLayout layout, MemorySegment words) {
        labels = layout.labels;
        read(words, 0, layout.scalarAt, scalars);
        terminations = new long[labels.terminations().size()];
        long reasonsAt = layout.lagAt - (long) terminations.length * Long.BYTES;
        for (int i = 0; i < terminations.length; i++) {
            terminations[i] = CounterWords.read(words, reasonsAt + (long) i * Long.BYTES);
        }
        loopLag = histogram(words, layout.lagAt, HistogramBounds.LOOP_LAG);
        for (int i = 0; i < labels.servers().size(); i++) {
            long at = layout.firstServerAt + (long) i * layout.serverStride;
            long[] values = new long[ServerCounterId.values().length];
            read(words, at, layout.serverScalarAt, values);
            HistogramCounts times =
                    histogram(words, at + layout.serverTimesAt, HistogramBounds.TIMES);
            servers.add(new ServerValues(labels.servers().get(i), values, times));
        }
        for (int i = 0; i < labels.peers().size(); i++) {
            long at = layout.firstPeerAt + (long) i * layout.peerStride;
            long[] values = new long[PeerCounterId.values().length];
            read(words, at, layout.peerScalarAt, values);
            HistogramCounts times =
                    histogram(words, at + layout.peerTimesAt, HistogramBounds.TIMES);
            peers.add(new PeerValues(labels.peers().get(i), values, times));
        }
        named = new long[labels.named().size()];
        for (int i = 0; i < named.length; i++) {
            named[i] = CounterWords.read(words, layout.firstNamedAt + (long) i * Long.BYTES);
        }
    }

    static CounterValues of(CounterLayout layout, MemorySegment words) {
        return new CounterValues(layout, words);
    }

    private static void read(MemorySegment words, long blockAt, int[] places, long[] into) {
        for (int i = 0; i < places.length; i++) {
            into[i] = places[i] < 0 ? 0 : CounterWords.read(words, blockAt + places[i]);
        }
    }

    private static HistogramCounts histogram(
            MemorySegment words, long at, HistogramBounds bounds) {
        HistogramCounts h = new HistogramCounts(bounds);
        int n = bounds.bucketCount();
        for (int i = 0; i < n; i++) {
            h.set(i, CounterWords.read(words, at + (long) i * Long.BYTES));
        }
        h.setSumMicros(CounterWords.read(words, at + (long) n * Long.BYTES));
        return h;
    }

    public CounterLabels labels() {
        return labels;
    }

    public long value(CounterId id) {
        return scalars[id.ordinal()];
    }

    /** Ends of exchanges for the reason at this place of {@link CounterLabels#terminations}. */
    public long termination(int index) {
        return terminations[index];
    }

    /** The total at this place of {@link CounterLabels#named}. */
    public long named(int index) {
        return named[index];
    }

    public HistogramCounts loopLag() {
        return loopLag;
    }

    public List<ServerValues> servers() {
        return servers;
    }

    public List<PeerValues> peers() {
        return peers;
    }

    /** Values of one server. Immutable by agreement: nobody writes into the array. */
    public record ServerValues(String server, long[] scalars, HistogramCounts times) {
        public long value(ServerCounterId id) {
            return scalars[id.ordinal()];
        }
    }

    /** Values of one peer. Immutable by agreement: nobody writes into the array. */
    public record PeerValues(PeerLabel label, long[] scalars, HistogramCounts times) {
        public long value(PeerCounterId id) {
            return scalars[id.ordinal()];
        }
    }
}
