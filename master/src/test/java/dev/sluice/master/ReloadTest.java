package dev.sluice.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.master.command.Command;
import dev.sluice.master.command.CommandClient;
import dev.sluice.master.command.CommandSocket;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.signal.MasterSignal;
import dev.sluice.master.system.RunDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reloads of a master with real processes. */
class ReloadTest {

    private static final String TEXT =
            """
            [main]
            workers = 2
            [server a]
            listen = 127.0.0.1:0
            return = 200 a
            """;

    @TempDir Path folder;

    private final List<String> screen = new ArrayList<>();

    private ExitCode command(RunningMaster running, Command command) throws Exception {
        Path path = RunDirectory.commandSocket(running.folder);
        try (Opened opened = new Opened(running, path)) {
            assertTrue(Files.exists(path), opened.toString());
            return CommandClient.ask(path, command, Duration.ofSeconds(20), screen::add);
        }
    }

    /** The command socket of a running master, for as long as one command takes. */
    private record Opened(CommandSocket socket) implements AutoCloseable {
        Opened(RunningMaster running, Path path) throws IOException {
            this(
                    CommandSocket.open(
                            path,
                            ErrorLog.NONE,
                            (c, r) -> running.master.tell(new MasterEvent.Asked(c, r))));
        }

        @Override
        public void close() {
            socket.close();
            socket.finish();
        }
    }

    @Test
    void aReloadReplacesAllWorkersAndLosesNoConnection() throws Exception {
        try (RunningMaster running = new RunningMaster(folder, TEXT).awaitReady()) {
            int port = running.port();
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger answered = new AtomicInteger();
            AtomicReference<Exception> failed = new AtomicReference<>();
            Thread client = new Thread(() -> askUntil(done, port, answered, failed));
            client.start();
            for (int generation = 2; generation <= 4; generation++) {
                // Up, down and up again: the number of workers changes as well.
                String text = TEXT.replace("workers = 2", "workers = " + (generation % 2 + 1));
                running.nextFile(text + "; " + generation + "\n");
                assertEquals(ExitCode.DONE, command(running, Command.RELOAD), screen.toString());
                assertTrue(screen.getLast().contains("generation " + generation + " serves"));
                String expected = String.valueOf(generation);
                // An old worker may answer once more before it has read that it is to drain.
                running.await("generation", () -> generationAt(port).equals(expected));
                running.askAllSlots(port, generation % 2 + 1);
            }
            done.set(true);
            client.join();
            assertEquals(null, failed.get());
            assertTrue(answered.get() > 10);
            running.await("old workers gone", () -> countOf(running, "gen-") == 1);
            assertTrue(Files.exists(folder.resolve("gen-4.image")));
        }
    }

    @Test
    void aWorkerWarmsLongerWhileOthersServe() throws Exception {
        try (RunningMaster running = new RunningMaster(folder, TEXT).awaitReady()) {
            int port = running.port();
            assertEquals("300", RunningMaster.ask(port).get("warmup"));
            running.nextFile(TEXT + "; 2\n");
            assertEquals(ExitCode.DONE, command(running, Command.RELOAD), screen.toString());
            running.await("generation", () -> generationAt(port).equals("2"));
            assertEquals("900", RunningMaster.ask(port).get("warmup"));
            running.nextFile(TEXT.replace("workers", "warmup = 4s\nworkers"));
            assertEquals(ExitCode.DONE, command(running, Command.RELOAD), screen.toString());
            running.await("generation", () -> generationAt(port).equals("3"));
            assertEquals("10000", RunningMaster.ask(port).get("warmup"));
        }
    }

    private static String generationAt(int port) {
        try {
            return RunningMaster.ask(port).get("gen");
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static long countOf(RunningMaster running, String prefix) {
        return Arrays.stream(running.folder.toFile().list())
                .filter(name -> name.startsWith(prefix))
                .count();
    }

    private static void askUntil(
            AtomicBoolean done,
            int port,
            AtomicInteger answered,
            AtomicReference<Exception> failed) {
        while (!done.get()) {
            try {
                if (RunningMaster.ask(port).get("slot") != null) {
                    answered.incrementAndGet();
                }
            } catch (IOException | RuntimeException lost) {
                failed.compareAndSet(null, lost);
            }
        }
    }

    @Test
    void newWorkersThatFailAreRolledBack() throws Exception {
        try (RunningMaster running = new RunningMaster(folder, TEXT).awaitReady()) {
            int port = running.port();
            String pids = pids(running, port);
            running.nextFile(TEXT.replace("workers = 2", "workers = 3") + "; fake: exit\n");
            assertEquals(ExitCode.ROLLED_BACK, command(running, Command.RELOAD));
            assertTrue(screen.toString().contains("exited with code 3"), screen.toString());
            assertEquals(pids, pids(running, port));
            // The third slot's socket was bound and never listened: no connection went there.
            for (int i = 0; i < 40; i++) {
                assertEquals("1", RunningMaster.ask(port).get("gen"));
            }
            running.nextFile(TEXT + "; good again\n");
            assertEquals(ExitCode.DONE, command(running, Command.RELOAD), screen.toString());
        }
    }

    private static String pids(RunningMaster running, int port) {
        var slots = running.askAllSlots(port, 2);
        return slots.get("0").get("pid") + " " + slots.get("1").get("pid");
    }

    @Test
    void aBadFileChangesNothing() throws Exception {
        try (RunningMaster running = new RunningMaster(folder, TEXT).awaitReady()) {
            String pids = pids(running, running.port());
            running.nextFile(TEXT.replace("return", "retrun"));
            assertEquals(ExitCode.FAILED, command(running, Command.RELOAD));
            assertTrue(screen.toString().contains("retrun"), screen.toString());
            assertEquals(pids, pids(running, running.port()));
        }
    }

    @Test
    void anEqualFileChangesNothing() throws Exception {
        try (RunningMaster running = new RunningMaster(folder, TEXT).awaitReady()) {
            String pids = pids(running, running.port());
            assertEquals(ExitCode.DONE, command(running, Command.RELOAD));
            assertTrue(screen.toString().contains("has not changed"), screen.toString());
            assertEquals(pids, pids(running, running.port()));
        }
    }

    @Test
    void aStormOfHupsEndsInTheLastFile() throws Exception {
        try (RunningMaster running = new RunningMaster(folder, TEXT).awaitReady()) {
            running.nextFile(TEXT + "; first\n");
            for (int i = 0; i < 100; i++) {
                running.signal(MasterSignal.HUP);
            }
            running.nextFile(TEXT + "; last\n");
            running.signal(MasterSignal.HUP);
            running.await(
                    "the last file",
                    () -> {
                        String log = running.logText();
                        return log.contains("generation 2 serves")
                                && (log.contains("generation 3 serves")
                                        || log.contains("has not changed"));
                    });
            assertFalse(running.logText().contains("generation 4 serves"));
        }
    }

    @Test
    void addressesComeAndGo() throws Exception {
        Path unix = folder.resolve("a.sock");
        String two = TEXT.replace("return", "listen = unix:" + unix + "\nreturn");
        try (RunningMaster running = new RunningMaster(folder, TEXT).awaitReady()) {
            int port = running.port();
            running.nextFile(two);
            assertEquals(ExitCode.DONE, command(running, Command.RELOAD), screen.toString());
            assertTrue(askUnix(unix).contains("gen=2"), "only this generation has the address");
            assertEquals("rw-rw-rw-",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(unix)));
            running.nextFile(TEXT);
            assertEquals(ExitCode.DONE, command(running, Command.RELOAD), screen.toString());
            assertFalse(Files.exists(unix));
            running.await("generation 3", () -> generationAt(port).equals("3"));
        }
    }

    @Test
    void anAddressOfAnotherProcessLeavesTheOldConfiguration() throws Exception {
        try (RunningMaster running = new RunningMaster(folder, TEXT).awaitReady();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            String other = "listen = 127.0.0.1:" + taken.getLocalPort();
            running.nextFile(TEXT.replace("return", other + "\nreturn"));
            assertEquals(ExitCode.ROLLED_BACK, command(running, Command.RELOAD));
            String told = String.join("\n", screen);
            assertTrue(told.contains("text:7: bind() to " + other.substring(9)), told);
            assertTrue(told.contains("; the old configuration serves on\n        help: "), told);
            assertEquals("1", generationAt(running.port()));
        }
    }

    @Test
    void noTwoLivingWorkersHaveOneLane() throws Exception {
        String text = TEXT.replace("workers = 2", "workers = 1");
        try (RunningMaster running =
                new RunningMaster(folder, text + "; fake: linger\n").awaitReady()) {
            int port = running.port();
            assertEquals("0", RunningMaster.ask(port).get("lane"));
            running.nextFile(text);
            assertEquals(ExitCode.DONE, command(running, Command.RELOAD), screen.toString());
            assertEquals("1", RunningMaster.ask(port).get("lane"));
            running.nextFile(text + "; another\n");
            assertEquals(ExitCode.DONE, command(running, Command.RELOAD), screen.toString());
            running.awaitLog("generation 2) exited");
            assertEquals("2", RunningMaster.ask(port).get("lane"));
            running.nextFile(text + "; yet another\n");
            assertEquals(ExitCode.DONE, command(running, Command.RELOAD), screen.toString());
            assertEquals("1", RunningMaster.ask(port).get("lane"));
        }
    }

    @Test
    void generationsBeyondTheLimitAreStopped() throws Exception {
        String text = TEXT.replace("workers = 2", "workers = 1\nmax_generations = 2");
        try (RunningMaster running =
                new RunningMaster(folder, text + "; fake: linger\n").awaitReady()) {
            for (int i = 2; i <= 3; i++) {
                running.nextFile(text + "; fake: linger " + i + "\n");
                assertEquals(ExitCode.DONE, command(running, Command.RELOAD), screen.toString());
            }
            running.awaitLog("generation 1 is stopped: max_generations = 2");
            running.awaitLog("generation 1) exited with code 0 while draining");
            screen.clear();
            assertEquals(ExitCode.DONE, command(running, Command.STATUS));
            assertTrue(screen.toString().contains("generation 2) draining"), screen.toString());
            assertTrue(screen.toString().contains("generation 3) serving"), screen.toString());
        }
    }

    private static String askUnix(Path path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            ByteBuffer bytes = ByteBuffer.allocate(1024);
            while (channel.read(bytes) > 0) {
                assert bytes.hasRemaining();
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aStopByCommandIsAnsweredWhenAllIsOver() throws Exception {
        RunningMaster running = new RunningMaster(folder, TEXT).awaitReady();
        long beganNs = SystemClock.INSTANCE.nowNs();
        assertEquals(ExitCode.DONE, command(running, Command.QUIT), screen.toString());
        assertEquals(ExitCode.DONE, running.awaitEnd());
        assertTrue(SystemClock.INSTANCE.nowNs() - beganNs < 10_000_000_000L);
    }
}
