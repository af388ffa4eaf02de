package dev.sluice.common.counters;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;

/**
 * A counter file that nobody counts in: sums of workers that are gone, made by one master and read
 * by the next. Owner: whoever makes it.
 */
public final class CounterSums {

    private static final double MICROS_PER_SECOND = 1e6;

    private final CounterLayout layout;
    private final ByteBuffer bytes;

    public CounterSums(CounterLabels labels) {
        layout = CounterLayout.of(labels);
        bytes = layout.newFile().order(ByteOrder.LITTLE_ENDIAN);
    }

    public void scalar(CounterId id, long value) {
        put(layout.scalarAt[id.ordinal()], value);
    }

    /** Ends of exchanges, in the order of the labels. */
    public void reasons(Collection<Long> counts) {
        int at = layout.lagAt - counts.size() * Long.BYTES;
        for (long count : counts) {
            put(at, count);
            at += Long.BYTES;
        }
    }

    /** Totals with a name, in the order of the labels. */
    public void named(Collection<Long> counts) {
        int at = layout.firstNamedAt;
        for (long count : counts) {
            put(at, count);
            at += Long.BYTES;
        }
    }

    public void loopLag(HistogramCounts counts) {
        histogram(layout.lagAt, counts);
    }

    /** @param scalars by the ordinals of {@link ServerCounterId} */
    public void server(int index, long[] scalars, HistogramCounts times) {
        int at = layout.firstServerAt + index * layout.serverStride;
        block(at, layout.serverScalarAt, scalars);
        histogram(at + layout.serverTimesAt, times);
    }

    /** @param scalars by the ordinals of {@link PeerCounterId} */
    public void peer(int index, long[] scalars, HistogramCounts times) {
        int at = layout.firstPeerAt + index * layout.peerStride;
        block(at, layout.peerScalarAt, scalars);
        histogram(at + layout.peerTimesAt, times);
    }

    private void block(int from, int[] places, long[] scalars) {
        for (int i = 0; i < places.length; i++) {
            put(from + places[i], scalars[i]);
        }
    }

    private void histogram(int from, HistogramCounts counts) {
        int n = counts.bounds().bucketCount();
        for (int i = 0; i < n; i++) {
            put(from + i * Long.BYTES, counts.count(i));
        }
        // Rounded up: a sum must not go back.
        put(from + n * Long.BYTES, (long) Math.ceil(counts.sumSeconds() * MICROS_PER_SECOND));
    }

    private void put(int at, long value) {
        bytes.putLong(at, value);
    }

    /** Creates or replaces the file. */
    public void write(Path file) throws IOException {
        CounterFile.create(file, layout.labels);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer all = bytes.duplicate().rewind();
            while (all.hasRemaining()) {
                channel.write(all);
            }
        }
    }
}
