package dev.sluice.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.master.command.ExitCode;
import dev.sluice.master.signal.MasterSignal;
import dev.sluice.master.upgrade.ScriptedPredecessor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The new master's side of an upgrade, with real workers and an old master that is played. */
class TakeoverTest implements Station {

    private static final String TEXT =
            """
            [main]
            workers = 1
            [server a]
            listen = 127.0.0.1:0
            return = 200 a
            """;

    /** Where the old master is killed. */
    private enum Kill { BEFORE_READY, AT_READY, AFTER_GO, AT_SERVING, AFTER_YOURS, AFTER_DONE }

    @TempDir Path folder;

    private final AtomicInteger published = new AtomicInteger();
    private final AtomicInteger pidFileTaken = new AtomicInteger();

    /** How often the lock is found to be held. */
    private final AtomicInteger locked = new AtomicInteger();

    private ScriptedPredecessor old;

    @Override
    public void publish() {
        published.incrementAndGet();
    }

    @Override
    public void takePidFile() throws IOException {
        if (locked.getAndDecrement() > 0) {
            throw new IOException("sluice runs already");
        }
        pidFileTaken.incrementAndGet();
    }

    @Override
    public void takeOutput(Path printed) {}

    @Override
    public void giveUp() {
        published.set(-1);
    }

    @Override
    public void leave() {}

    @BeforeEach
    void script() throws IOException {
        old = new ScriptedPredecessor(folder);
    }

    private RunningMaster start() throws IOException {
        return new RunningMaster(folder, TEXT, this, old.offered());
    }

    private void hear(String first) {
        List<String> words = old.hear();
        assertTrue(words != null && words.getFirst().equals(first), first + ", not " + words);
    }

    private void yours() {
        old.say("YOURS", "5", "4", "3", "2", "");
    }

    /** Talks as an old master does, up to a point. */
    private void talkUntil(Kill end) {
        if (end.compareTo(Kill.AT_READY) >= 0) {
            hear("READY");
        }
        if (end.compareTo(Kill.AFTER_GO) >= 0) {
            old.say("GO");
        }
        if (end.compareTo(Kill.AT_SERVING) >= 0) {
            hear("SERVING");
        }
        if (end.compareTo(Kill.AFTER_YOURS) >= 0) {
            yours();
        }
        if (end == Kill.AFTER_DONE) {
            hear("DONE");
            old.say("ALONE");
        }
    }

    @ParameterizedTest
    @EnumSource
    void servesWhereverTheOldMasterIsKilled(Kill where) throws Exception {
        // The kernel may drop the lock of the killed one a moment after its sockets.
        locked.set(2);
        try (RunningMaster running = start()) {
            talkUntil(where);
            old.die();
            running.awaitReady().awaitLog("taken over from the master with pid ");
            assertEquals("8", RunningMaster.ask(running.port()).get("gen"));
            assertEquals("1", RunningMaster.ask(running.port()).get("lane"), "0 is the old one's");
            assertEquals(1, published.get());
            assertEquals(1, pidFileTaken.get());
        }
    }

    @Test
    void oldMasterThatHangsDecidesNothing() throws Exception {
        try (RunningMaster running = start()) {
            hear("READY");
            old.say("GO");
            List<String> serving = old.hear();
            assertEquals("[SERVING, generation 8 serves, 127.0.0.1:0]", serving.toString());
            assertEquals("8", RunningMaster.ask(running.awaitReady().port()).get("gen"));
            assertEquals(0, pidFileTaken.get());
            yours();
            hear("DONE");
            assertEquals(1, pidFileTaken.get());
            old.die();
        }
    }

    @Test
    void endsWithoutThePidFileOfAMasterThatLives() throws Exception {
        locked.set(Integer.MAX_VALUE);
        RunningMaster running = start();
        talkUntil(Kill.AFTER_YOURS);
        List<String> failed = old.hear();
        assertEquals("[FAILED, 3, no pid file: sluice runs already]", failed.toString());
        assertEquals(ExitCode.DONE, running.awaitEnd());
        assertEquals(-1, published.get(), "the command socket is left to the old one");
        assertEquals(0, pidFileTaken.get());
    }

    @Test
    void failedStartIsToldAndDisturbsNobody() throws Exception {
        RunningMaster running =
                new RunningMaster(folder, TEXT + "; fake: exit\n", this, old.offered());
        List<String> failed = old.hear();
        assertEquals("FAILED", failed.getFirst());
        assertEquals("3", failed.get(1));
        assertTrue(failed.get(2).contains("exited with code 3"), failed.toString());
        old.die();
        assertEquals(ExitCode.FAILED, running.awaitEnd());
        assertEquals(0, published.get());
        assertEquals(0, pidFileTaken.get());
    }

    @Test
    void endThatIsAskedForBeforeGoIsOnlyItsOwn() throws Exception {
        RunningMaster running = start();
        hear("READY");
        running.signal(MasterSignal.INT);
        assertEquals(ExitCode.DONE, running.awaitEnd());
        assertEquals(0, pidFileTaken.get());
    }

    @Test
    void answersForTheWorkersOfTheOldMaster() throws Exception {
        try (RunningMaster running = start()) {
            talkUntil(Kill.AFTER_DONE);
            running.awaitReady();
            old.say("SCRAPE", "17");
            List<String> scraped = old.hear();
            assertEquals("[SCRAPED, 17]", scraped.subList(0, 2).toString());
            String text = new String(
                    Base64.getDecoder().decode(scraped.get(2)), StandardCharsets.UTF_8);
            assertTrue(text.contains("sluice_reloads_total{result=\"done\"} 4"), text);
            assertTrue(text.contains("sluice_respawns_total 5"), text);
            old.say("RELOAD", "18");
            hear("TOLD");
            List<String> told = old.hear();
            assertEquals("[TOLD, 18]", told.subList(0, 2).toString());
            assertTrue(told.get(2).contains("has not changed"), told.toString());
            assertEquals("[RELOADED, 18, 0]", old.hear().toString());
            old.die();
        }
    }

    @Test
    void countsOfAKilledMastersWorkersAreKept() throws Exception {
        RunningMaster running = start();
        Path left = folder.resolve("counters/slot0-gen7-1.ctr");
        Files.writeString(left, "not whole");
        talkUntil(Kill.AT_SERVING);
        old.die();
        running.awaitReady().awaitLog("taken over from the master with pid ");
        running.await("it is merged and removed", () -> !Files.exists(left));
        assertFalse(running.logText().contains("internal error"), running.logText());
        running.close();
        assertNull(old.hear());
    }
}
