package dev.sluice.worker.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.cache.CachePurge;
import dev.sluice.worker.exchange.RecordingStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is open takes its room on the disk after it was removed. */
final class HeldFilesTest {

    private static final int LONG = 100_000;
    private static final String FRESH = "Cache-Control: max-age=600";

    @TempDir Path folder;
    private CacheStage stage;

    @BeforeEach
    void make() throws Exception {
        stage = new CacheStage(folder, "max_size = 1m");
    }

    @AfterEach
    void close() throws Exception {
        stage.close();
    }

    private RecordingStream ask(int number) throws Exception {
        return stage.ask("GET /long/" + number + " HTTP/1.1\nHost: www\n");
    }

    /** It is stored, and was given once out of its file, which stays open. */
    private void store(int number) throws Exception {
        RecordingStream client = ask(number);
        stage.answerHead(stage.asked.removeLast(), 200, LONG, FRESH).lend("x".repeat(LONG)).end();
        stage.finish(client);
        assertEquals(LONG, stage.finish(ask(number)).bodyLength());
        assertEquals(0, stage.asked.size());
    }

    private void aSecondLater() throws Exception {
        stage.clock.stepMs(1000);
        stage.settle();
        stage.settle();
    }

    private long open() throws IOException {
        return open("");
    }

    /** Files of the folder that this process has open. @param end of what the kernel calls them */
    private long open(String end) throws IOException {
        long count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path one : all) {
                try {
                    String file = Files.readSymbolicLink(one).toString();
                    count += file.startsWith(folder.toString()) && file.endsWith(end) ? 1 : 0;
                } catch (NoSuchFileException closed) {
                    // That of the directory itself, or of another test.
                }
            }
        }
        return count;
    }

    @Test
    void whatAnotherProcessRemovesIsClosedWithinASecond() throws Exception {
        store(1);
        store(2);
        long before = open();
        assertEquals(2, new CachePurge(stage.cache.folder).run(CachePurge.By.ALL, ""));
        assertEquals(2, open("(deleted)"));
        aSecondLater();
        assertEquals(before - 2, open());
        store(1);
        assertEquals(0, open("(deleted)"));
    }

    @Test
    void whatMakesRoomIsClosedAtOnce() throws Exception {
        for (int i = 0; i < 25; i++) {
            store(i);
        }
        assertEquals(0, open("(deleted)"));
        assertTrue(open() >= 2, "none is kept open");
    }

    @Test
    void whatIsRemovedHereIsClosedAtOnce() throws Exception {
        store(1);
        stage.ask("POST /long/1 HTTP/1.1\nHost: www\n");
        stage.answer(204, "");
        stage.settle();
        assertEquals(0, open("(deleted)"));
    }

    /** Its room is taken until the client has it. */
    @Test
    void whatAClientIsBeingSentStaysOpen() throws Exception {
        store(1);
        RecordingStream client = ask(1);
        new CachePurge(stage.cache.folder).run(CachePurge.By.ALL, "");
        aSecondLater();
        assertEquals(1, open("(deleted)"));
        assertEquals(LONG, stage.finish(client).bodyLength());
        assertEquals(0, open("(deleted)"));
    }

    @Test
    void whatCountsStaysOpen() throws Exception {
        store(1);
        long before = open();
        aSecondLater();
        aSecondLater();
        assertEquals(before, open());
        assertEquals(LONG, stage.finish(ask(1)).bodyLength());
    }
}
