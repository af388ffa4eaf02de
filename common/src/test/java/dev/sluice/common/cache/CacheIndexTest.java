package dev.sluice.common.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.zones.ZoneFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CacheIndexTest {

    private static final CacheIndex.Evicted NOBODY = (hash, serial) -> {
        throw new AssertionError("evicted " + hash);
    };

    private final CacheIndex index =
            new CacheIndex(ZoneFile.inMemory(CacheIndex.spec("t", 1024)));

    private long store(long hash, long bytes, long nowS) {
        long place = index.findOrTake(hash, nowS, (h, s) -> { });
        long serial = index.newSerial();
        index.store(place, hash, serial, bytes, nowS);
        return serial;
    }

    @Test
    void aPlaceIsFoundAgain() {
        long place = index.findOrTake(77, 10, NOBODY);
        assertEquals(place, index.find(77));
        assertEquals(0, index.serial(place));
        assertEquals(CacheIndex.NOWHERE, index.find(78));
    }

    @Test
    void aFileReplacesTheOneBefore() {
        long first = store(77, 5000, 10);
        long place = index.find(77);
        assertTrue(index.holds(place, 77, first));
        assertEquals(8, index.sizeKb(place));
        assertEquals(8, index.queues().totalKb());
        long second = index.newSerial();
        assertEquals(first, index.store(place, 77, second, 100, 20));
        assertFalse(index.holds(place, 77, first));
        assertEquals(second, index.remove(place, 77));
        assertEquals(CacheIndex.NOWHERE, index.find(77));
        assertEquals(0, index.queues().totalKb());
    }

    @Test
    void oneClaimsAtATimeAndAClaimPasses() {
        long place = index.findOrTake(77, 10, NOBODY);
        CacheClaims claims = index.claims();
        long first = claims.take(place, 77, 10, 15);
        assertNotEquals(CacheClaims.NONE, first);
        assertEquals(CacheClaims.NONE, claims.take(place, 77, 14, 19));
        assertFalse(claims.isOver(place, 14));
        long second = claims.take(place, 77, 15, 20);
        assertNotEquals(CacheClaims.NONE, second);
        claims.release(place, 77, first);
        assertFalse(claims.isOver(place, 16), "another's claim is given up");
        claims.release(place, 77, second);
        assertNotEquals(CacheClaims.NONE, claims.take(place, 77, 16, 21));
    }

    /** As if another process had claimed it. */
    private void giveClaimTo(long place, long process) {
        index.zone().set(index.claims().ownerAt(place), 1L << 32 | process);
    }

    @Test
    void theClaimOfAProcessThatHasEndedIsAnybodys() throws Exception {
        long place = index.findOrTake(77, 10, NOBODY);
        index.claims().take(place, 77, 10, 15);
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        giveClaimTo(place, ended.pid());
        assertTrue(index.claims().isOver(place, 11));
        long mine = index.claims().take(place, 77, 11, 16);
        assertNotEquals(CacheClaims.NONE, mine);
        assertEquals(16, index.claims().untilS(place));
        assertFalse(index.claims().isOver(place, 11));
        assertEquals(CacheClaims.NONE, index.claims().take(place, 77, 11, 16));
    }

    @Test
    void theClaimOfALivingProcessStays() {
        long place = index.findOrTake(77, 10, NOBODY);
        index.claims().take(place, 77, 10, 15);
        giveClaimTo(place, 1);
        assertFalse(index.claims().isOver(place, 11));
        assertEquals(CacheClaims.NONE, index.claims().take(place, 77, 11, 16));
    }

    @Test
    void storingEndsTheClaim() {
        long place = index.findOrTake(77, 10, NOBODY);
        index.claims().take(place, 77, 10, 15);
        index.store(place, 77, index.newSerial(), 1, 10);
        assertEquals(0, index.claims().untilS(place));
    }

    @Test
    void inAFullSetTheOldestGoesButNoneThatIsFetched() {
        List<Long> hashes = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            long hash = 5 + i * 1024L;
            hashes.add(hash);
            store(hash, 1, 100 + i);
        }
        index.claims().take(index.find(hashes.getFirst()), hashes.getFirst(), 120, 130);
        List<Long> evicted = new ArrayList<>();
        long place = index.findOrTake(5 + 9 * 1024L, 121, (h, s) -> evicted.add(h));
        assertNotEquals(CacheIndex.NOWHERE, place);
        assertEquals(List.of(hashes.get(1)), evicted);
    }

    @Test
    void whatIsFetchedWhileItChangesIsNotStored() {
        long place = index.findOrTake(77, 10, NOBODY);
        index.claims().take(place, 77, 10, 15);
        assertEquals(0, index.invalidate(place, 77));
        assertEquals(CacheIndex.NOWHERE, index.store(place, 77, index.newSerial(), 1, 10));
    }

    @Test
    void aPlaceThatWasTakenAwayStoresNothing() {
        long place = index.findOrTake(77, 10, NOBODY);
        index.store(place, 77, index.newSerial(), 1, 10);
        index.remove(place, 77);
        assertEquals(CacheIndex.NOWHERE, index.store(place, 77, index.newSerial(), 1, 10));
    }

    /** Against a map: what the index says is stored is what was stored last and not removed. */
    @Test
    void itIsAMapThatForgets() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<Long, Long> model = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            long hash = 1 + random.nextInt(2000);
            long place = index.find(hash);
            if (random.nextInt(3) == 0 && place != CacheIndex.NOWHERE) {
                long gone = index.remove(place, hash);
                assertEquals(model.getOrDefault(hash, 0L), gone, "seed " + seed);
                model.remove(hash);
            } else {
                place = index.findOrTake(hash, i, (h, s) -> assertEquals(model.remove(h), s,
                        "seed " + seed));
                long serial = index.newSerial();
                long before = index.store(place, hash, serial, 1, i);
                assertEquals(model.getOrDefault(hash, 0L), before, "seed " + seed);
                model.put(hash, serial);
            }
        }
        model.forEach((hash, serial) ->
                assertEquals(serial, index.serial(index.find(hash)), "seed " + seed));
        assertEquals(4L * model.size(), index.queues().totalKb(), "seed " + seed);
    }
}
