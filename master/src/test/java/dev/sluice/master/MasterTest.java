package dev.sluice.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.signal.MasterSignal;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Life of a master with real processes: start, crash, stall, end. */
class MasterTest {

    private static final String TWO_WORKERS =
            """
            [main]
            workers = 2
            worker_stall_timeout = 1s
            [server a]
            listen = 127.0.0.1:0
            return = 200 a
            """;

    private static final String ONE_WORKER = TWO_WORKERS.replace("workers = 2", "workers = 1");

    @TempDir Path folder;

    @Test
    void eachWorkerIsGivenItsSocketsAndNothingElse() throws Exception {
        try (RunningMaster running = new RunningMaster(folder, TWO_WORKERS).awaitReady()) {
            Map<String, Map<String, String>> slots = running.askAllSlots(running.port(), 2);
            // 3 and 4 to the master, 5 its own listener; the other slot's is not there.
            assertEquals("3,4,5", slots.get("0").get("sockets"));
            assertEquals("3,4,5", slots.get("1").get("sockets"));
            assertEquals("1", slots.get("0").get("own"));
            assertNotEquals(slots.get("0").get("pid"), slots.get("1").get("pid"));
        }
    }

    @Test
    void aDeadWorkerIsReplacedAndItsNeighbourServesItsSocketsMeanwhile() throws Exception {
        try (RunningMaster running = new RunningMaster(folder, TWO_WORKERS).awaitReady()) {
            int port = running.port();
            Map<String, Map<String, String>> before = running.askAllSlots(port, 2);
            kill(before.get("0"));
            running.awaitLog("was killed by signal 9 (KILL) while serving");
            // Half of these are for the slot whose worker is gone; every one is answered.
            boolean adopted = false;
            for (int i = 0; i < 40; i++) {
                adopted |= RunningMaster.ask(port).get("adopted").equals("1");
            }
            assertTrue(adopted, "the neighbour never said that it had adopted");
            Map<String, Map<String, String>> after = running.askAllSlots(port, 2);
            assertNotEquals(before.get("0").get("pid"), after.get("0").get("pid"));
            assertEquals(before.get("1").get("pid"), after.get("1").get("pid"));
            running.await("release", () -> answersWithoutAdopted(port));
            assertTrue(running.logText().contains("the next one starts now"));
        }
    }

    private static boolean answersWithoutAdopted(int port) {
        try {
            for (int i = 0; i < 20; i++) {
                if (!RunningMaster.ask(port).get("adopted").equals("0")) {
                    return false;
                }
            }
            return true;
        } catch (IOException failed) {
            return false;
        }
    }

    private static void kill(Map<String, String> worker) {
        ProcessHandle.of(Long.parseLong(worker.get("pid"))).orElseThrow().destroyForcibly();
    }

    @Test
    void aConnectionToTheOnlyWorkerWaitsForTheReplacement() throws Exception {
        try (RunningMaster running = new RunningMaster(folder, ONE_WORKER).awaitReady()) {
            Map<String, String> before = RunningMaster.ask(running.port());
            kill(before);
            running.awaitLog("was killed by signal 9");
            Map<String, String> after = RunningMaster.ask(running.port());
            assertNotEquals(before.get("pid"), after.get("pid"));
        }
    }

    @Test
    void aHangingWorkerLeavesAThreadDumpAndIsReplaced() throws Exception {
        String text = ONE_WORKER + "; fake: hang\n";
        try (RunningMaster running = new RunningMaster(folder, text).awaitReady()) {
            String pid = RunningMaster.ask(running.port()).get("pid");
            running.awaitLog("because its loop has not turned for 1000 ms");
            assertTrue(running.logText().contains("Full thread dump"));
            assertTrue(running.logText().contains("FakeWorker.run"));
            assertNotEquals(pid, RunningMaster.ask(running.port()).get("pid"));
        }
    }

    @Test
    void aMadWorkerCannotHarmItsMaster() throws Exception {
        String text = ONE_WORKER + "; fake: chatter\n";
        try (RunningMaster running = new RunningMaster(folder, text).awaitReady()) {
            running.awaitLog("message length 4294967295 is out of range");
            running.awaitLog("more warnings dropped");
            assertFalse(running.logText().contains("internal error"));
        }
    }

    @Test
    void aWorkerThatFailsToStartFailsTheStart() throws Exception {
        RunningMaster running = new RunningMaster(folder, TWO_WORKERS + "; fake: exit\n");
        assertEquals(ExitCode.FAILED, running.awaitEnd());
        assertTrue(running.logText().contains("exited with code 3 while warming up"));
    }

    @Test
    void termDrainsAndIntDoesNotWait() throws Exception {
        String text = TWO_WORKERS + "; fake: linger\n";
        RunningMaster running = new RunningMaster(folder, text).awaitReady();
        int port = running.port();
        running.signal(MasterSignal.TERM);
        running.awaitLog("DRAINING");
        running.await("the address to be refused", () -> refuses(port));
        running.signal(MasterSignal.INT);
        assertEquals(ExitCode.DONE, running.awaitEnd());
        assertThrows(IOException.class, () -> RunningMaster.ask(port));
    }

    @Test
    void lastWordsOfAWorkerAreHeardBeforeItsEnd() throws Exception {
        String text = ONE_WORKER + "; fake: last words\n";
        RunningMaster running = new RunningMaster(folder, text).awaitReady();
        long pid = Long.parseLong(RunningMaster.ask(running.port()).get("pid"));
        running.await("an age at which nothing of its start is pending",
                () -> ageMs(pid) > 1_200);
        // The loop is told to drain, and looks again when the process has been reaped.
        CountDownLatch queued = new CountDownLatch(1);
        running.master.tell(new MasterEvent.Told(() -> assertTrue(passed(queued))));
        running.signal(MasterSignal.TERM);
        running.master.tell(new MasterEvent.Told(() -> running.await(
                "its end", () -> ProcessHandle.of(pid).isEmpty())));
        queued.countDown();
        assertEquals(ExitCode.DONE, running.awaitEnd());
        String log = running.logText();
        assertTrue(log.contains("has drained"), log);
        assertTrue(log.indexOf("has drained") < log.indexOf("exited with code 0"), log);
    }

    private static long ageMs(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().startInstant())
                .map(start -> SystemClock.INSTANCE.nowMs() - start.toEpochMilli()).orElseThrow();
    }

    private static boolean passed(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException ended) {
            return false;
        }
    }

    private static boolean refuses(int port) {
        try {
            RunningMaster.ask(port);
            return false;
        } catch (IOException | RuntimeException refused) {
            return true;
        }
    }

    @Test
    void winchDrainsTheWorkersAndHupBringsThemBack() throws Exception {
        try (RunningMaster running = new RunningMaster(folder, ONE_WORKER).awaitReady()) {
            int port = running.port();
            running.signal(MasterSignal.WINCH);
            running.awaitLog("exited with code 0 while draining");
            running.signal(MasterSignal.HUP);
            // The queue was held: this connection is made before anybody serves it.
            assertEquals("2", RunningMaster.ask(port).get("gen"));
        }
    }

    @Test
    void usr1ReopensTheLogsOfMasterAndWorkers() throws Exception {
        try (RunningMaster running = new RunningMaster(folder, ONE_WORKER).awaitReady()) {
            Files.move(running.log, folder.resolve("error.log.1"));
            running.signal(MasterSignal.USR1);
            running.awaitLog("got ReopenLogs");
        }
    }

    @Test
    void anAddressOfAnotherProcessFailsTheStart() throws Exception {
        try (ServerSocket taken =
                new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertTrue(taken.getInetAddress() instanceof Inet4Address);
            String text = ONE_WORKER.replace(":0", ":" + taken.getLocalPort());
            RunningMaster running = new RunningMaster(folder, text);
            assertEquals(ExitCode.FAILED, running.awaitEnd());
            String said = "text:7: bind() to 127.0.0.1:" + taken.getLocalPort()
                    + " failed: Address already in use";
            assertEquals(List.of(
                            "[warn] " + said + "; trying again for 2700 ms",
                            "[error] " + said + " by process " + ProcessHandle.current().pid()),
                    running.logText().lines().filter(line -> line.contains("bind()"))
                            .map(line -> line.replaceFirst("^.*?(\\[\\w+]) .*text:", "$1 text:")
                                    .replaceFirst(" \\(/.*", ""))
                            .toList());
        }
    }
}
