package dev.sluice.worker.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.AccessLogConfig;
import dev.sluice.common.config.ErrorLogConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLineFormat;
import dev.sluice.common.log.Level;
import dev.sluice.worker.arena.ByteSink;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real thread: reopen under load, errors in the log, everything written at close. */
final class WorkerLogsTest {
    private static final ErrorLineFormat FORMAT =
            new ErrorLineFormat(77, 3, TimeZone.getTimeZone("Europe/Berlin"));

    @TempDir Path dir;

    private final CounterWriter counters = CounterWriter.inMemory(1, 0);

    @Test
    void linesOfALivingWriterSurviveReopens() throws Exception {
        Path file = dir.resolve("access.log");
        WorkerLogs logs =
                WorkerLogs.notStarted(
                        new ErrorLogConfig(dir.resolve("error.log").toString(), "info"),
                        List.of(new AccessLogConfig(file.toString(), "combined", 4096, 50)),
                        counters,
                        SystemClock.INSTANCE,
                        FORMAT);
        logs.writer().start();
        AccessLog log = logs.accessLog(file.toString());
        List<Path> files = new ArrayList<>();
        int lines = 0;
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 5000; i++) {
                ByteSink sink = log.begin(64);
                if (sink == null) {
                    LockSupport.parkNanos(100_000);
                    continue;
                }
                sink.putAscii("line ").putDecimal(lines++);
                log.commit();
            }
            Path rotated = dir.resolve("access.log." + round);
            Files.move(file, rotated);
            files.add(rotated);
            CountDownLatch reopened = new CountDownLatch(1);
            logs.reopen(reopened::countDown);
            assertTrue(reopened.await(10, TimeUnit.SECONDS));
        }
        assertTrue(logs.close());
        files.add(file);
        int next = 0;
        for (Path f : files) {
            for (String line : Files.readAllLines(f)) {
                assertEquals("line " + next++, line);
            }
        }
        assertEquals(lines, next);
        assertEquals(lines, counters.get(CounterId.LOG_LINES));
    }

    @Test
    void aLoneLineIsWrittenWithinTheFlushTime() throws Exception {
        Path file = dir.resolve("access.log");
        WorkerLogs logs =
                WorkerLogs.notStarted(
                        new ErrorLogConfig(dir.resolve("error.log").toString(), "info"),
                        List.of(new AccessLogConfig(file.toString(), "combined", 65536, 20)),
                        counters,
                        SystemClock.INSTANCE,
                        FORMAT);
        logs.writer().start();
        AccessLog log = logs.accessLog(file.toString());
        log.begin(10).putAscii("hello");
        log.commit();
        for (int i = 0; i < 1000 && Files.size(file) == 0; i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertEquals("hello\n", Files.readString(file));
        logs.errorLog().log(Level.INFO, "soon");
        for (int i = 0; i < 1000 && Files.size(dir.resolve("error.log")) == 0; i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertTrue(Files.readString(dir.resolve("error.log")).endsWith(" 77#3: soon\n"));
        assertTrue(logs.close());
    }

    @Test
    void errorLogDropsAndSaysHowMany() throws IOException {
        Path file = dir.resolve("error.log");
        WorkerLogs logs =
                WorkerLogs.notStarted(
                        new ErrorLogConfig(file.toString(), "warn"),
                        List.of(),
                        counters,
                        new SteppedClock(1_795_194_000_000L),
                        FORMAT);
        logs.errorLog().log(Level.INFO, "unseen");
        int offered = 20_000;
        for (int i = 0; i < offered; i++) {
            logs.errorLog().log(Level.ERROR, "it broke\n" + i);
        }
        logs.writer().turn(0, false);
        logs.errorLog().log(Level.WARN, "later");
        assertTrue(logs.close());
        List<String> lines = Files.readAllLines(file);
        String lost = "2026/11/20 18:00:00 [warn] 77#3: lost ";
        assertTrue(lines.get(0).startsWith(lost), lines.get(0));
        int lostLines = Integer.parseInt(lines.get(0).substring(lost.length()).split(" ")[0]);
        assertTrue(lostLines > 0);
        assertEquals(offered - lostLines + 2, lines.size());
        assertEquals("2026/11/20 18:00:00 [error] 77#3: it broke\\x0A0", lines.get(1));
        assertEquals("2026/11/20 18:00:00 [warn] 77#3: later", lines.getLast());
    }

    @Test
    void onePathIsOneLogAndABadPathIsNamed() throws IOException {
        String path = dir.resolve("access.log").toString();
        String error = dir.resolve("error.log").toString();
        WorkerLogs logs =
                WorkerLogs.notStarted(
                        new ErrorLogConfig(error, "warn"),
                        List.of(
                                new AccessLogConfig(path, "combined", 0, 1000),
                                new AccessLogConfig(path, "main", 65536, 1000),
                                new AccessLogConfig("stderr", "main", 65536, 1000)),
                        counters,
                        SystemClock.INSTANCE,
                        FORMAT);
        assertSame(logs.accessLog(path), logs.accessLog(path));
        assertNotNull(logs.accessLog("stderr"));
        assertEquals(2 << 20, logs.ringBytesSum());
        assertTrue(logs.close());

        String nowhere = dir.resolve("no/such/access.log").toString();
        IOException e =
                assertThrows(
                        IOException.class,
                        () ->
                                WorkerLogs.notStarted(
                                        new ErrorLogConfig(error, "warn"),
                                        List.of(new AccessLogConfig(nowhere, "main", 0, 1000)),
                                        counters,
                                        SystemClock.INSTANCE,
                                        FORMAT));
        String said = e.getMessage();
        assertTrue(said.startsWith("cannot open access log \"" + nowhere), said);
    }

    @Test
    void aDaemonAtAUnixSocketMayComeLaterAndComeBack() throws Exception {
        Epoll.ensureAvailability();
        String socket = dir.resolve("log").toString();
        String path = "syslog:server=unix:" + socket;
        SteppedClock clock = new SteppedClock(1_795_194_000_000L);
        WorkerLogs logs = WorkerLogs.notStarted(
                new ErrorLogConfig(dir.resolve("error.log").toString(), "info"),
                List.of(new AccessLogConfig(path, "combined", 4096, 50)), counters, clock, FORMAT);
        AccessLog log = logs.accessLog(path);
        log.begin(10).putAscii("one");
        log.commit();
        logs.writer().turn(clock.nowNs(), true);
        assertEquals(1, counters.get(CounterId.LOG_WRITE_ERRORS));
        for (String word : List.of("two", "three")) {
            Files.deleteIfExists(Path.of(socket));
            Socket daemon = Socket.newSocketDomainDgram();
            daemon.bind(new DomainSocketAddress(socket));
            log.begin(10).putAscii(word);
            log.commit();
            clock.stepMs(2000);
            logs.writer().turn(clock.nowNs(), true);
            String first = word.equals("two") ? received(daemon) : "";
            assertTrue(first.isEmpty() || first.endsWith(" access - one"), first);
            String last = received(daemon);
            assertTrue(last.startsWith("<190>1 ") && last.endsWith(" - " + word), last);
            daemon.close();
        }
        assertTrue(logs.close());
    }

    private static String received(Socket daemon) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(2000);
        int count = daemon.recv(bytes, 0, 2000);
        byte[] copy = new byte[Math.max(0, count)];
        bytes.get(0, copy);
        return new String(copy, StandardCharsets.UTF_8);
    }
}
