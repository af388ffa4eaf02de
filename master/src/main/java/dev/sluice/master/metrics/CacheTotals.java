package dev.sluice.master.metrics;

import dev.sluice.common.cache.CacheFolder;
import dev.sluice.common.cache.CacheIndex;
import dev.sluice.common.cache.CacheIndex.Count;
import dev.sluice.common.config.CacheConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one cache has counted since its index was made, over all workers and restarts, and what it
 * holds. Immutable.
 *
 * @param counts by the ordinal of {@link Count}
 * @param bytes of all answers on disk, in whole blocks
 * @param objects answers that the last sweep has found
 * @param bytesMax {@code max_size}
 */
public record CacheTotals(String name, long[] counts, long bytes, long objects, long bytesMax) {

    private static final int BYTES_PER_KB = 1024;

    /** Reads those that are there; a cache that no worker has made yet is left out. */
    public static List<CacheTotals> of(List<CacheConfig> caches) {
        List<CacheTotals> all = new ArrayList<>();
        for (CacheConfig one : caches) {
            try {
                all.add(CacheFolder.look(Path.of(one.path()), one.name(), one.keys(),
                        index -> read(one, index)));
            } catch (IOException notThere) {
                continue;
            }
        }
        return all;
    }

    private static CacheTotals read(CacheConfig of, CacheIndex index) {
        long[] counts = new long[Count.values().length];
        for (Count what : Count.values()) {
            counts[what.ordinal()] = index.counted(what);
        }
        return new CacheTotals(of.name(), counts, index.queues().totalKb() * BYTES_PER_KB,
                index.answerCount(), of.sizeMax());
    }

    public long count(Count what) {
        return counts[what.ordinal()];
    }

    /** As labels and names have it. */
    static String label(Count what) {
        return what.name().toLowerCase(Locale.ROOT);
    }

    /** Requests that the cache was asked with. */
    public long requests() {
        return hits() + count(Count.MISS) + count(Count.EXPIRED) + count(Count.BYPASS);
    }

    /** Requests that did not wait for a peer to send a body. */
    public long hits() {
        return count(Count.HIT) + count(Count.STALE) + count(Count.UPDATING)
                + count(Count.REVALIDATED);
    }
}
