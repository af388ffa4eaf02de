package dev.sluice.worker.statics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.StaticConfig.Symlinks;
import dev.sluice.common.counters.CounterId;
import dev.sluice.worker.statics.FileRoot.Strip;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered, for how long, and what is let go. */
final class OpenFileCacheTest {

    @TempDir Path root;

    private FilesHarness harness(int entriesMax) {
        FilesHarness harness = new FilesHarness(entriesMax);
        return harness.serve(FilesHarness.statics(root));
    }

    private void write(String name, String text, long mtimeMs) throws Exception {
        Files.setLastModifiedTime(Files.writeString(root.resolve(name), text),
                FileTime.fromMillis(mtimeMs));
    }

    private static long hits(FilesHarness harness) {
        return harness.ctx.counters.get(CounterId.FILE_CACHE_HITS);
    }

    private static long misses(FilesHarness harness) {
        return harness.ctx.counters.get(CounterId.FILE_CACHE_MISSES);
    }

    private static long openDescriptors() throws Exception {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    @Test
    void anEntryIsBelievedUntilItsTimeIsOver() throws Exception {
        write("a", "one", 1000);
        FilesHarness harness = harness(10);
        assertEquals("one", harness.get("/a").body());
        write("a", "two!", 2000);
        assertEquals("one", harness.get("/a").body());
        harness.stepMs(FilesHarness.VALID_MS - 1);
        assertEquals("one", harness.get("/a").body());
        assertEquals(2, hits(harness));
        harness.stepMs(1);
        assertEquals("two!", harness.get("/a").body());
        assertEquals(2, misses(harness));
        harness.stepMs(FilesHarness.VALID_MS);
        assertEquals("two!", harness.get("/a").body());
        assertEquals("two!", harness.get("/a").body());
        assertEquals(3, misses(harness));
        assertEquals(3, hits(harness));
        assertEquals(1, harness.cache().count());
    }

    @Test
    void changesInPlaceAndReplacementsAreNoticed() throws Exception {
        write("a", "one", 1000);
        FilesHarness harness = harness(10);
        assertEquals("one", harness.get("/a").body());
        write("b", "two", 1000);
        Files.move(root.resolve("b"), root.resolve("a"), StandardCopyOption.REPLACE_EXISTING);
        harness.stepMs(FilesHarness.VALID_MS);
        // Same size and time: the inode tells.
        assertEquals("two", harness.get("/a").body());
        write("a", "six", 1001);
        harness.stepMs(FilesHarness.VALID_MS);
        // Same inode, size and second: the nanoseconds tell.
        assertEquals("six", harness.get("/a").body());
    }

    @Test
    void aChangeWithinOneTickIsNoticedToo() throws Exception {
        write("a", "one", FilesHarness.NOW_MS);
        FilesHarness harness = harness(10);
        assertEquals("one", harness.get("/a").body());
        write("a", "two", FilesHarness.NOW_MS);
        harness.stepMs(FilesHarness.VALID_MS);
        assertEquals("two", harness.get("/a").body());
    }

    @Test
    void whatIsNotThereIsRemembered() throws Exception {
        FilesHarness harness = harness(10);
        assertEquals(404, harness.get("/a").status());
        write("a", "one", 1000);
        assertEquals(404, harness.get("/a").status());
        assertEquals(1, hits(harness));
        harness.stepMs(FilesHarness.VALID_MS);
        assertEquals("one", harness.get("/a").body());
        Files.delete(root.resolve("a"));
        assertEquals("one", harness.get("/a").body());
        harness.stepMs(FilesHarness.VALID_MS);
        assertEquals(404, harness.get("/a").status());
        assertEquals(1, harness.cache().count());
    }

    @Test
    void madeUpPathsPushOutOnlyEachOther() throws Exception {
        FilesHarness harness = harness(40);
        for (int i = 0; i < 30; i++) {
            write("f" + i, "content " + i, 1000);
            harness.get("/f" + i);
        }
        for (int i = 0; i < 1000; i++) {
            assertEquals(404, harness.get("/none" + i).status());
            assertTrue(harness.cache().invariants());
        }
        assertEquals(40, harness.cache().count());
        long before = hits(harness);
        for (int i = 0; i < 30; i++) {
            assertEquals("content " + i, harness.get("/f" + i).body());
        }
        assertEquals(before + 30, hits(harness));
    }

    @Test
    void theLeastRecentlyUsedIsPushedOut() throws Exception {
        FilesHarness harness = harness(3);
        for (String name : new String[] {"a", "b", "c", "d"}) {
            write(name, name, 1000);
        }
        harness.get("/a");
        harness.get("/b");
        harness.get("/c");
        harness.get("/a");
        harness.get("/d");
        assertEquals(3, harness.cache().count());
        long before = misses(harness);
        harness.get("/a");
        harness.get("/c");
        harness.get("/d");
        assertEquals(before, misses(harness));
        harness.get("/b");
        assertEquals(before + 1, misses(harness));
        assertTrue(harness.cache().invariants());
    }

    @Test
    void descriptorsAreBoundedAndClosed() throws Exception {
        String big = "x".repeat(10_000);
        for (int i = 0; i < 20; i++) {
            write("big" + i, big, 1000);
            write("small" + i, "s", 1000);
        }
        FilesHarness harness = harness(8);
        harness.get("/small0");
        long before = openDescriptors();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 20; i++) {
                harness.get("/small" + i);
            }
        }
        assertEquals(before, openDescriptors());
        for (int i = 0; i < 20; i++) {
            assertEquals(big, harness.get("/big" + i).body());
        }
        assertEquals(before + 8, openDescriptors());
    }

    @Test
    void anEntryInUseOutlivesItsPlace() throws Exception {
        write("a", "x".repeat(100_000), 1000);
        write("b", "b", 1000);
        FilesHarness harness = harness(1);
        harness.get("/b");
        long before = openDescriptors();
        harness.begin("GET /a");
        assertEquals(before + 1, openDescriptors());
        try (var files = Files.list(root)) {
            assertEquals(2, files.count());
        }
        CachedFile other = harness.files.lookup(
                new FileRoot(root.toString(), Strip.NOTHING, "",
                        Symlinks.ON),
                ByteBuffer.wrap(new byte[] {'/', 'b'}), 0, 2);
        assertTrue(other.isFile());
        harness.files.release(other);
        assertEquals(100_000, harness.client.finish().bodyLength());
        assertTrue(harness.cache().invariants());
        assertEquals(1, harness.cache().count());
    }

    @Test
    void withoutACacheEveryLookIsANewOne() throws Exception {
        write("a", "one", 1000);
        FilesHarness harness = harness(0);
        assertEquals("one", harness.get("/a").body());
        write("a", "two", 1000);
        assertEquals("two", harness.get("/a").body());
        assertEquals(0, harness.cache().count());
        assertEquals(0, hits(harness));
    }

    @Test
    void aDirectoryThatBecomesAFileIsSeen() throws Exception {
        Files.createDirectory(root.resolve("a"));
        FilesHarness harness = harness(10);
        assertEquals(301, harness.get("/a").status());
        Files.delete(root.resolve("a"));
        write("a", "file", 1000);
        harness.stepMs(FilesHarness.VALID_MS);
        assertEquals("file", harness.get("/a").body());
    }

    private FilesHarness harness(String... keys) {
        FilesHarness harness = new FilesHarness(keys);
        return harness.serve(FilesHarness.statics(root));
    }

    @Test
    void onePathBelowTwoRootsIsTwoFiles() throws Exception {
        for (String name : new String[] {"one", "two"}) {
            Files.createDirectory(root.resolve(name));
            write(name + "/a", name, 1000);
        }
        FilesHarness harness = new FilesHarness(10);
        for (int round = 0; round < 2; round++) {
            for (String name : new String[] {"one", "two"}) {
                harness.serve(FilesHarness.statics(root.resolve(name)));
                assertEquals(name, harness.get("/a").body());
            }
        }
        assertEquals(2, harness.cache().count());
        assertEquals(2, hits(harness));
    }

    @Test
    void whatNobodyAsksForIsLetGo() throws Exception {
        String big = "x".repeat(10_000);
        for (String name : new String[] {"a", "b", "c"}) {
            write(name, big, 1000);
        }
        FilesHarness harness = harness("open_file_cache = max=10 inactive=20s");
        harness.get("/a");
        long before = openDescriptors();
        harness.get("/b");
        assertEquals(404, harness.get("/none").status());
        harness.stepMs(10_000);
        harness.get("/a");
        harness.stepMs(10_000);
        harness.get("/c");
        // b and none have had 20 s; a has had 10.
        assertEquals(2, harness.cache().count());
        assertEquals(before + 1, openDescriptors());
        harness.stepMs(20_000);
        harness.get("/none");
        harness.get("/none");
        assertEquals(1, harness.cache().count());
        assertEquals(before - 1, openDescriptors());
        assertTrue(harness.cache().invariants());
    }

    @Test
    void aFileIsKeptWhenItIsAskedForOften() throws Exception {
        write("a", "one", 1000);
        FilesHarness harness = harness("open_file_cache = max=10 inactive=20s",
                "open_file_cache_min_uses = 3");
        for (int i = 0; i < 2; i++) {
            assertEquals("one", harness.get("/a").body());
            assertEquals(0, harness.cache().count());
        }
        harness.stepMs(20_000);
        // Those two uses were too long ago.
        for (int i = 0; i < 2; i++) {
            assertEquals("one", harness.get("/a").body());
            assertEquals(0, harness.cache().count());
        }
        assertEquals("one", harness.get("/a").body());
        assertEquals(1, harness.cache().count());
        assertEquals(0, hits(harness));
        assertEquals("one", harness.get("/a").body());
        assertEquals(1, hits(harness));
    }

    @Test
    void whatIsNotThereIsLookedForAgainIfToldSo() throws Exception {
        FilesHarness harness = harness("open_file_cache_errors = off");
        assertEquals(404, harness.get("/a").status());
        assertEquals(0, harness.cache().count());
        write("a", "one", 1000);
        assertEquals("one", harness.get("/a").body());
        assertEquals(1, harness.cache().count());
    }
}
