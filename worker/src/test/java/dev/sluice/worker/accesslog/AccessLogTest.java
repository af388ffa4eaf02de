package dev.sluice.worker.accesslog;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.loop.ErrorLines;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;


/** The loop's side and the writer's side in one thread, the clock stepped. */
final class AccessLogTest {
    private static final int BUFFER = 1024;

    @TempDir Path dir;

    private final SteppedClock clock = new SteppedClock(0);
    private final CounterWriter counters = CounterWriter.inMemory(1, 0);
    private final List<String> errors = new ArrayList<>();
    private final LogWriter writer = new LogWriter(clock);
    private final FailingChannel.Disk disk = new FailingChannel.Disk();
    private ByteRing ring;

    private AccessLog open(Path file, int ringBytes) throws IOException {
        ring = new ByteRing(ringBytes);
        LogFile logFile =
                new LogFile(file.toString(), path -> new FailingChannel(append(path), disk));
        ErrorLog errorLog = collect();
        writer.add(
                new AccessLogDrain(
                        logFile, ring, BUFFER, 1_000_000_000L, counters, errorLog, clock.nowNs()));
        return new AccessLog(file.toString(), ring, BUFFER, counters, writer);
    }

    private static FileChannel append(String path) throws IOException {
        return FileChannel.open(
                Path.of(path), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private ErrorLog collect() {
        return new ErrorLines((level, line) -> errors.add(line));
    }

    private boolean put(AccessLog log, String text) {
        ByteSink sink = log.begin(text.length());
        if (sink == null) {
            return false;
        }
        sink.putAscii(text);
        assertTrue(!sink.overflowed());
        log.commit();
        return true;
    }

    private long turn() {
        return writer.turn(clock.nowNs(), false);
    }

    @Test
    void writesWhenTheFlushTimeHasPassed() throws IOException {
        Path file = dir.resolve("access.log");
        AccessLog log = open(file, 8192);
        put(log, "one");
        assertEquals(1_000_000_000L, turn());
        assertEquals(0, Files.size(file));
        clock.stepMs(999);
        turn();
        assertEquals(0, Files.size(file));
        clock.stepMs(1);
        turn();
        assertEquals("one\n", Files.readString(file));
        assertEquals(1, counters.get(CounterId.LOG_LINES));
    }

    @Test
    void writesWhenTheBufferIsFull() throws IOException {
        Path file = dir.resolve("access.log");
        AccessLog log = open(file, 8192);
        put(log, "x".repeat(BUFFER - 2));
        turn();
        assertEquals(0, Files.size(file));
        put(log, "");
        turn();
        assertEquals(BUFFER, Files.size(file));
    }

    @Test
    void aFullRingDropsAndCounts() throws IOException {
        AccessLog log = open(dir.resolve("access.log"), 4096);
        int lines = 0;
        while (put(log, "y".repeat(99))) {
            lines++;
        }
        assertEquals(40, lines);
        assertEquals(1, counters.get(CounterId.LOG_LINES_DROPPED));
        writer.turn(clock.nowNs(), true);
        assertTrue(put(log, "room again"));
    }

    @Test
    void aLineThatOverflowsIsBegunAgain() throws IOException {
        Path file = dir.resolve("access.log");
        AccessLog log = open(file, 8192);
        ByteSink sink = log.begin(10);
        sink.putAscii("a".repeat(50));
        assertTrue(sink.overflowed());
        sink = log.beginAgain();
        sink.putAscii("a".repeat(50));
        log.commit();
        log.begin(10).putAscii("never");
        log.cancel();
        assertTrue(writer.close());
        assertEquals("a".repeat(50) + "\n", Files.readString(file));
    }

    @Test
    void aFullDiskLosesNothingThatFitsTheRing() throws IOException {
        Path file = dir.resolve("access.log");
        AccessLog log = open(file, 4096);
        put(log, "first");
        disk.room = 3;
        writer.turn(clock.nowNs(), true);
        put(log, "second");
        for (int i = 0; i < 90; i++) {
            clock.stepMs(1000);
            turn();
        }
        assertEquals("fir", Files.readString(file));
        assertEquals(91, counters.get(CounterId.LOG_WRITE_ERRORS));
        assertEquals(2, errors.size(), "one line a minute: " + errors);
        disk.room = Long.MAX_VALUE;
        clock.stepMs(1000);
        turn();
        assertEquals("first\nsecond\n", Files.readString(file));
        assertEquals(3, errors.size());
        assertTrue(errors.get(2).endsWith("is written again"), errors.get(2));
    }

    @Test
    void aFailingReopenKeepsTheOldFile() throws IOException {
        Path folder = Files.createDirectory(dir.resolve("logs"));
        Path rotated = dir.resolve("rotated");
        AccessLog log = open(folder.resolve("access.log"), 4096);
        put(log, "one");
        Files.move(folder.resolve("access.log"), rotated);
        Files.delete(folder);
        List<String> done = new ArrayList<>();
        writer.reopen(() -> done.add("done"));
        turn();
        assertEquals(List.of("done"), done);
        assertEquals(1, errors.size());
        put(log, "two");
        assertTrue(writer.close());
        assertEquals("one\ntwo\n", Files.readString(rotated));
    }

    /** Random lines, a slow and failing disk, reopened in the middle of everything. */
    @Test
    void everyCommittedLineIsInExactlyOneFileInOrder() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Path file = dir.resolve("access.log");
        AccessLog log = open(file, 4096);
        List<Path> files = new ArrayList<>(List.of(file));
        List<String> committed = new ArrayList<>();
        int serial = 0;
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(12)) {
                case 0 -> turn();
                case 1 -> clock.stepMs(random.nextInt(700));
                case 2 -> {
                    disk.writeBytesMax = 1 + random.nextInt(2000);
                    disk.room = random.nextBoolean() ? Long.MAX_VALUE : random.nextInt(3000);
                }
                case 3 -> {
                    if (random.nextInt(50) == 0 && Files.exists(file)) {
                        Path rotated = dir.resolve("access.log." + files.size());
                        Files.move(file, rotated);
                        files.add(files.size() - 1, rotated);
                        writer.reopen(() -> {});
                    }
                }
                default -> {
                    String line = serial++ + "x".repeat(random.nextInt(300));
                    if (put(log, line)) {
                        committed.add(line);
                    }
                }
            }
        }
        disk.room = Long.MAX_VALUE;
        assertTrue(writer.close());
        List<String> found = new ArrayList<>();
        for (Path f : files) {
            for (String part : Files.readString(f).split("(?<=\n)")) {
                if (part.endsWith("\n")) {
                    found.add(part.substring(0, part.length() - 1));
                }
            }
        }
        assertEquals(committed, found, () -> "seed " + seed);
        assertTrue(counters.get(CounterId.LOG_LINES_DROPPED) > 0, "seed " + seed);
    }

    @Test
    void beginReturnsNullOnlyWhenFull() throws IOException {
        AccessLog log = open(dir.resolve("access.log"), 4096);
        assertNotNull(log.begin(Integer.MAX_VALUE));
        log.cancel();
        for (int i = 0; i < 4; i++) {
            ByteSink sink = log.begin(log.lineBytesMax());
            sink.putAscii("z".repeat(log.lineBytesMax()));
            log.commit();
        }
        assertNull(log.begin(1));
    }
}
