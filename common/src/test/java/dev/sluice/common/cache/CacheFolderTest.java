package dev.sluice.common.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of a cache: what is stored, swept and purged. */
final class CacheFolderTest {

    private static final long NOW_S = 1_800_000_000L;

    @TempDir
    Path path;
    private CacheFolder folder;
    private CacheIndex index;

    private static CacheFolder open(Path path, int keys) throws IOException {
        return CacheFolder.open(path, "t", keys, NOW_S * 1000, new CacheOwner("/run/t", 1));
    }

    @BeforeEach
    void open() throws IOException {
        folder = open(path, 1024);
        index = folder.index();
    }

    private static byte[] record(long hash, String key, String tags, int bodyBytes) {
        ByteBuffer b = ByteBuffer.allocate(4096 + bodyBytes).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(CacheRecord.HASH, hash);
        b.putInt(CacheRecord.KEY_LENGTH, key.length());
        b.putInt(CacheRecord.TAGS_LENGTH, tags.length());
        b.putLong(CacheRecord.BODY_BYTES, bodyBytes);
        b.put(CacheRecord.FIXED_BYTES, (key + tags).getBytes(StandardCharsets.US_ASCII));
        CacheRecord.seal(b, 0);
        byte[] all = new byte[CacheRecord.bodyAt(b, 0) + bodyBytes];
        b.get(0, all);
        return all;
    }

    private long store(long hash, String key, String tags, int bodyBytes, long atS)
            throws IOException {
        Path file = folder.unfinished().resolve("x");
        Files.write(file, record(hash, key, tags, bodyBytes));
        long serial = index.newSerial();
        folder.adopt(file, hash, serial);
        index.store(index.findOrTake(hash, atS, (h, s) -> { }), hash, serial, bodyBytes, atS);
        return serial;
    }

    private boolean has(long hash) {
        long place = index.find(hash);
        return place != CacheIndex.NOWHERE && index.serial(place) != 0;
    }

    @Test
    void whatIsStoredIsThereWhenItIsOpenedAgain() throws IOException {
        long serial = store(77, "k", "", 10, NOW_S);
        CacheIndex again = open(path, 1024).index();
        assertTrue(again.holds(again.find(77), 77, serial));
        assertEquals(index.zone().secret0(), again.zone().secret0());
    }

    @Test
    void anotherSizeBeginsAnew() throws IOException {
        store(77, "k", "", 10, NOW_S);
        CacheIndex again = open(path, 2048).index();
        assertEquals(CacheIndex.NOWHERE, again.find(77));
    }

    private static void removeAll(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path one : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    @Test
    void whatWasRemovedIsMadeAgainAndHoldsNothing() throws IOException {
        store(77, "k", "", 10, NOW_S);
        assertTrue(folder.isThere());
        removeAll(path);
        assertFalse(folder.isThere());
        CacheFolder again = folder.restored(NOW_S * 1000);
        assertTrue(again.isThere());
        assertTrue(again.isNew());
        assertEquals(CacheIndex.NOWHERE, again.index().find(77));
        assertNotEquals(index.zone().secret0(), again.index().zone().secret0());
    }

    @Test
    void oneThatCouldNotBeOpenedIsOpenedOnceItCanBe() throws IOException {
        store(77, "k", "", 10, NOW_S);
        CacheFolder absent = CacheFolder.absent(path, "t", 1024, new CacheOwner("/run/t", 1));
        assertTrue(absent.isAbsent());
        assertFalse(absent.isThere());
        CacheFolder opened = absent.restored(NOW_S * 1000);
        assertTrue(opened.isThere());
        assertNotEquals(CacheIndex.NOWHERE, opened.index().find(77));
    }

    @Test
    void whatAnotherProcessHasMadeAgainIsShared() throws IOException {
        CacheFolder other = open(path, 1024);
        removeAll(path);
        CacheFolder theirs = other.restored(NOW_S * 1000);
        assertFalse(folder.isThere());
        CacheFolder ours = folder.restored(NOW_S * 1000);
        assertFalse(ours.isNew());
        assertEquals(theirs.index().newSerial() + 1, ours.index().newSerial());
    }

    @Test
    void withoutTheFolderOfWhatIsBeingWrittenNothingIsForgotten() throws IOException {
        store(77, "k", "", 10, NOW_S);
        Files.delete(folder.unfinished());
        assertFalse(folder.isThere());
        folder = folder.restored(NOW_S * 1000);
        assertTrue(folder.isThere());
        assertTrue(has(77));
    }

    /** That of a new configuration, while workers of the old one drain. */
    @Test
    void anIndexOfAnotherSizeIsLetBe() throws IOException {
        CacheFolder larger = open(path, 2048);
        folder = folder.restored(NOW_S * 1000);
        assertTrue(larger.isThere());
        assertTrue(folder.isThere());
        assertEquals(index, folder.index());
    }

    @Test
    void aHeadWithAWrongByteIsNone() {
        byte[] all = record(77, "key", "", 5);
        ByteBuffer b = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        assertTrue(CacheRecord.isWhole(b, 0, all.length, 77));
        assertFalse(CacheRecord.isWhole(b, 0, all.length, 78));
        for (int i = 0; i < all.length - 5; i++) {
            all[i] ^= 4;
            assertFalse(CacheRecord.isWhole(b, 0, all.length, 77), "byte " + i);
            all[i] ^= 4;
        }
    }

    @Test
    void whatNobodyAsksForGoes() throws IOException {
        store(1, "a", "", 10, NOW_S - 700);
        store(2, "b", "", 10, NOW_S - 500);
        new CacheSweep(folder).run(NOW_S, 1 << 20, 600);
        assertFalse(has(1));
        assertTrue(has(2));
        try (var files = Files.walk(path)) {
            assertEquals(1, files.filter(f -> f.toString().contains("-0000")).count());
        }
    }

    /** As many as there are in a part of it are looked at, and after sixteen parts all. */
    @Test
    void aLargeIndexIsSweptInParts(@TempDir Path other) throws IOException {
        folder = open(other, 1 << 21);
        index = folder.index();
        store(1, "first", "", 10, NOW_S - 700);
        store((1 << 18) - 1, "last", "", 10, NOW_S - 700);
        CacheSweep sweep = new CacheSweep(folder);
        sweep.run(NOW_S, 1 << 20, 600);
        assertFalse(has(1));
        assertTrue(has((1 << 18) - 1));
        for (int part = 2; part <= 16; part++) {
            sweep.run(NOW_S, 1 << 20, 600);
        }
        assertFalse(has((1 << 18) - 1));
    }

    @Test
    void whatIsTooMuchGoes() throws IOException {
        for (int i = 1; i <= 20; i++) {
            store(i, "k" + i, "", 100 << 10, NOW_S);
        }
        index.used(index.find(7), NOW_S);
        new CacheSweep(folder).run(NOW_S, 1 << 20, 100_000);
        long kb = 0;
        for (int i = 1; i <= 20; i++) {
            kb += has(i) ? 100 : 0;
        }
        assertTrue(kb <= 1024 && kb >= 900, kb + " KiB are left");
        assertTrue(has(20));
        assertFalse(has(1));
        assertTrue(has(7), "it was asked for again");
        try (var files = Files.walk(path)) {
            assertEquals(kb / 100, files.filter(f -> f.toString().contains("-0000")).count());
        }
    }

    /** As after a kill between a word of the index and the sum. */
    @Test
    void aWrongSumIsPutRight() throws IOException {
        store(1, "a", "", 10, NOW_S);
        index.queues().correct(-500, 300);
        assertEquals(504, index.queues().totalKb());
        new CacheSweep(folder).run(NOW_S, 1 << 20, 600);
        assertEquals(4, index.queues().totalKb());
        assertEquals(4, index.queues().smallKb());
    }

    private int recounted() throws IOException {
        CacheRecount recount = new CacheRecount(folder);
        assertFalse(recount.isLooking());
        recount.begin();
        int wrong = recount.look(NOW_S);
        assertFalse(recount.isLooking());
        return wrong;
    }

    @Test
    void whatADamagedIndexSaysIsPutRight() throws IOException {
        store(1, "k", "", 100, NOW_S);
        long serial = store(2, "k", "", 100, NOW_S);
        store(3, "k", "", 100, NOW_S);
        assertEquals(0, recounted());
        // A size and a time of use that are not true, a serial of no file, a file that is gone.
        index.store(index.find(1), 1, index.serial(index.find(1)), 60 << 20, NOW_S + 1_000_000);
        index.store(index.find(3), 3, index.newSerial(), 100, NOW_S);
        Files.delete(folder.file(2, serial));
        assertEquals(3, recounted());
        assertTrue(has(1));
        assertFalse(has(2) || has(3));
        assertEquals(4, index.queues().totalKb());
        assertEquals(4, index.sizeKb(index.find(1)));
        assertEquals(NOW_S, index.lastUseS(index.find(1)));
        assertEquals(0, recounted());
    }

    /** What cannot be true does not push everything else out before it is put right. */
    @Test
    void whatIsLargerThanTheCacheLeavesAlone() throws IOException {
        store(1, "k", "", 100, NOW_S);
        store(2, "k", "", 100, NOW_S);
        index.store(index.find(1), 1, index.serial(index.find(1)), 1L << 40, NOW_S);
        new CacheSweep(folder).run(NOW_S, 1 << 20, 60);
        assertFalse(has(1));
        assertTrue(has(2));
    }

    @Test
    void filesThatNobodyKnowsGo() throws IOException {
        store(77, "k", "", 10, NOW_S);
        Path orphan = path.resolve(CacheFolder.nameOf(0x1234L << 48, 9));
        Files.createDirectories(orphan.getParent());
        Files.write(orphan, new byte[3]);
        Path half = folder.unfinished().resolve("999999999-1");
        Files.write(half, new byte[3]);
        try (var files = Files.walk(path)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.fromMillis((NOW_S - 100) * 1000));
            }
        }
        CacheOrphans orphans = new CacheOrphans(folder);
        assertFalse(orphans.isLooking());
        orphans.begin();
        int removed = 0;
        for (int i = 0; orphans.isLooking(); i++) {
            assertTrue(i < 100, "it ends");
            removed += orphans.look(NOW_S);
        }
        assertEquals(1, removed);
        assertEquals(1, orphans.removeUnfinished());
        assertFalse(Files.exists(orphan));
        assertFalse(Files.exists(half));
        assertTrue(has(77));
        assertTrue(Files.exists(folder.file(77, index.serial(index.find(77)))));
    }

    @Test
    void anAnswerLiesInOneOfTheDirectories() {
        Path file = folder.file(0x3fa0_0000_0000_0000L, 300);
        assertEquals("3/fa/3fa0000000000000-0000012c", path.relativize(file).toString());
        assertEquals(file.getParent(), folder.directory(0x3fa));
        assertEquals(folder.file(1, 1).getParent(), folder.directory(0));
    }

    @Test
    void aKeyIsThatOfItsSlicesToo() throws IOException {
        store(1, "http://a/x slice of 65536 0 7", "", 1, NOW_S);
        store(2, "http://a/x slice of 65536 17 7", "", 1, NOW_S);
        store(3, "http://a/x slice", "", 1, NOW_S);
        store(4, "http://a/xy slice of 65536 0 7", "", 1, NOW_S);
        assertEquals(2, new CachePurge(folder).run(CachePurge.By.KEY, "http://a/x"));
        assertTrue(has(3) && has(4));
    }

    @Test
    void purgesByKeyPrefixAndTag() throws IOException {
        store(1, "http://a/x", "red blue ", 1, NOW_S);
        store(2, "http://a/xy", "blue ", 1, NOW_S);
        store(3, "http://b/x", "bluegreen ", 1, NOW_S);
        CachePurge purge = new CachePurge(folder);
        assertEquals(0, purge.run(CachePurge.By.TAG, "green"));
        assertEquals(1, purge.run(CachePurge.By.KEY, "http://a/x"));
        assertFalse(has(1));
        assertEquals(1, purge.run(CachePurge.By.TAG, "blue"));
        assertFalse(has(2));
        assertEquals(1, purge.run(CachePurge.By.PREFIX, "http://b/"));
        store(4, "http://b/x", "", 1, NOW_S);
        assertEquals(1, purge.run(CachePurge.By.ALL, ""));
    }

    @Test
    void whatIsBeingFetchedIsNotStoredAfterAPurge() throws IOException {
        long place = index.findOrTake(7, NOW_S, (h, s) -> { });
        index.claims().take(place, 7, NOW_S, NOW_S + 5);
        assertEquals(0, new CachePurge(folder).run(CachePurge.By.PREFIX, "http://a/"));
        assertEquals(CacheIndex.NOWHERE, index.store(place, 7, index.newSerial(), 10, NOW_S));
    }

    @Test
    void whatIsBeingRenewedIsNotStoredAfterAPurgeOfItsOwn() throws IOException {
        store(7, "http://a/x", "", 10, NOW_S);
        store(8, "http://b/x", "", 10, NOW_S);
        long mine = index.find(7);
        long other = index.find(8);
        index.claims().take(mine, 7, NOW_S, NOW_S + 5);
        index.claims().take(other, 8, NOW_S, NOW_S + 5);
        assertEquals(1, new CachePurge(folder).run(CachePurge.By.PREFIX, "http://a/"));
        assertEquals(CacheIndex.NOWHERE, index.store(mine, 7, index.newSerial(), 10, NOW_S));
        assertTrue(index.store(other, 8, index.newSerial(), 10, NOW_S) > 0);
    }
}
