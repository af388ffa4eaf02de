package dev.sluice.common.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.zones.ZoneFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Which answers leave a cache that is full. */
final class CacheQueuesTest {

    private static final int ROOM = 1000;
    private static final int BLOCK_KB = 4;
    private static final int OBJECTS = 10_000;
    private static final int REQUESTS = 200_000;
    private static final long SEED = 11;

    private final CacheIndex index =
            new CacheIndex(ZoneFile.inMemory(CacheIndex.spec("t", 1 << 15)));
    private final Set<Long> stored = new HashSet<>();
    private long nowS = 1000;

    /** @return whether it was there */
    private boolean ask(long hash) {
        long place = index.find(hash);
        if (place != CacheIndex.NOWHERE && index.serial(place) != 0) {
            index.used(place, nowS);
            return true;
        }
        place = index.findOrTake(hash, nowS, (h, s) -> assertTrue(stored.remove(h)));
        index.store(place, hash, index.newSerial(), 1, nowS);
        stored.add(hash);
        index.queues().keepWithin((long) ROOM * BLOCK_KB, (h, s) -> assertTrue(stored.remove(h)));
        return false;
    }

    /** Spread as hashes are: neither half of one may be the same for all. */
    private static long hash(long number) {
        long x = (number + 1) * 0x9e37_79b9_7f4a_7c15L;
        return x ^ x >>> 29;
    }

    /** An object, by Zipf's law with this exponent: the inverse of its integral. */
    private static long zipf(Random random, double exponent) {
        double rest = 1 - exponent;
        double top = (Math.pow(OBJECTS, rest) - 1) / rest;
        return (long) Math.pow(random.nextDouble() * top * rest + 1, 1 / rest);
    }

    /** @param once of a hundred requests: for what nobody asks for again */
    private static long[] trace(double exponent, int once) {
        Random random = new Random(SEED);
        long[] all = new long[REQUESTS];
        for (int i = 0; i < REQUESTS; i++) {
            all[i] = hash(random.nextInt(100) < once ? OBJECTS + i : zipf(random, exponent));
        }
        return all;
    }

    private static int hitsOfLeastRecentlyUsed(long[] trace) {
        Map<Long, Boolean> all = new LinkedHashMap<>(ROOM * 2, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
                return size() > ROOM;
            }
        };
        int hits = 0;
        for (long one : trace) {
            if (all.get(one) != null) {
                hits++;
            } else {
                all.put(one, true);
            }
        }
        return hits;
    }

    private int hits(long[] trace) {
        int hits = 0;
        for (long one : trace) {
            hits += ask(one) ? 1 : 0;
        }
        assertTrue(stored.size() <= ROOM, () -> stored.size() + " are stored");
        assertTrue(stored.size() > ROOM * 98 / 100, () -> stored.size() + " are stored");
        assertEquals((long) stored.size() * BLOCK_KB, index.queues().totalKb());
        for (long one : stored) {
            assertTrue(index.serial(index.find(one)) != 0);
        }
        return hits;
    }

    /** @param points of a hundred that it is better by */
    private void isBetterThanLeastRecentlyUsed(long[] trace, double points) {
        int lru = hitsOfLeastRecentlyUsed(trace);
        int ours = hits(trace);
        String both = "%.1f %% of hits, least recently used %.1f %%".formatted(
                100.0 * ours / REQUESTS, 100.0 * lru / REQUESTS);
        assertTrue(ours >= lru + points * REQUESTS / 100, both);
    }

    @Test
    void whatIsWantedByZipfStays() {
        isBetterThanLeastRecentlyUsed(trace(0.9, 0), 4);
    }

    @Test
    void whatIsWantedOnceDoesNotPushOutTheRest() {
        isBetterThanLeastRecentlyUsed(trace(0.9, 50), 4);
    }

    @Test
    void aSteepLawLosesNothing() {
        isBetterThanLeastRecentlyUsed(trace(1.2, 0), 1);
    }

    @Test
    void whatComesBackAsAGhostStays() {
        ask(hash(1));
        for (int i = 2; i <= ROOM + 1; i++) {
            ask(hash(i));
        }
        assertEquals(false, ask(hash(1)), "it was the first to go");
        for (int i = ROOM + 2; i < 2 * ROOM; i++) {
            ask(hash(i));
        }
        assertTrue(ask(hash(1)), "others have gone before it");
    }

    /** A purge comes while an answer of the main queue is asked for again. */
    @Test
    void whatIsRemovedDuringAClaimBeginsInTheSmallQueue() {
        ask(hash(1));
        ask(hash(1));
        long place = index.find(hash(1));
        for (int i = 2; i <= ROOM + 1; i++) {
            ask(hash(i));
        }
        assertTrue(index.queues().isMain(place));
        index.claims().take(place, hash(1), nowS, nowS + 5);
        index.remove(place, hash(1));
        index.store(place, hash(1), index.newSerial(), 1, nowS);
        long kb = 0;
        for (long one : stored) {
            kb += index.queues().isMain(index.find(one)) ? 0 : BLOCK_KB;
        }
        assertEquals(kb, index.queues().smallKb());
    }

    @Test
    void aRenewedAnswerKeepsItsTurn() {
        ask(hash(1));
        long place = index.find(hash(1));
        for (int i = 0; i < 1 << 17; i++) {
            index.store(place, hash(1), index.newSerial(), 5000, nowS);
        }
        assertEquals(2 * BLOCK_KB, index.queues().totalKb());
        index.queues().keepWithin(0, (h, s) -> stored.remove(h));
        assertEquals(0, index.queues().totalKb());
    }

    /** What was purged leaves words behind that say nothing. */
    @Test
    void queuesDoNotOverflow() {
        for (int i = 0; i < 1 << 17; i++) {
            ask(hash(i));
            index.remove(index.find(hash(i)), hash(i));
            stored.remove(hash(i));
        }
        ask(hash(1 << 20));
        index.queues().keepWithin(0, (h, s) -> stored.remove(h));
        assertEquals(Set.of(), stored);
    }

    @Test
    void whatIsTooLargeForAllGoesAtOnce() {
        ask(hash(1));
        long place = index.findOrTake(hash(2), nowS, (h, s) -> { });
        index.store(place, hash(2), index.newSerial(), (ROOM + 1L) * BLOCK_KB * 1024, nowS);
        index.queues().keepWithin((long) ROOM * BLOCK_KB, (h, s) -> stored.remove(h));
        assertEquals(0, index.queues().totalKb());
    }

    /** As workers do, several at once: the sum stays right and no answer gets lost. */
    @Test
    void manyStoreAtOnce() throws Exception {
        int threads = 4;
        List<Thread> all = new ArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        for (int t = 0; t < threads; t++) {
            Random random = new Random(SEED + t);
            all.add(Thread.ofPlatform().start(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                for (int i = 0; i < 50_000; i++) {
                    storeAndForget(hash(zipf(random, 0.9)));
                }
            }));
        }
        go.countDown();
        for (Thread thread : all) {
            thread.join();
        }
        long kb = 0;
        for (long place = index.firstPlace(); place < index.placesEnd();
                place = index.nextPlace(place)) {
            kb += index.sizeKb(place);
        }
        assertEquals(kb, index.queues().totalKb());
        index.queues().keepWithin((long) ROOM * BLOCK_KB, (h, s) -> { });
        assertTrue(index.queues().totalKb() <= (long) ROOM * BLOCK_KB);
    }

    private void storeAndForget(long hash) {
        long place = index.find(hash);
        if (place != CacheIndex.NOWHERE && index.serial(place) != 0) {
            index.used(place, nowS);
            return;
        }
        place = index.findOrTake(hash, nowS, (h, s) -> { });
        if (place != CacheIndex.NOWHERE
                && index.claims().take(place, hash, nowS, nowS + 5) != CacheClaims.NONE) {
            index.store(place, hash, index.newSerial(), 1, nowS);
            index.queues().keepWithin((long) ROOM * BLOCK_KB, (h, s) -> { });
        }
    }
}
