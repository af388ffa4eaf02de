package dev.sluice.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.master.command.Command;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.Reply;
import dev.sluice.master.signal.MasterSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The old master's side of an upgrade, with real workers and a shell that plays the new master. */
class HandoverTest implements Station {

    private static final String TEXT =
            """
            [main]
            workers = 1
            [server a]
            listen = 127.0.0.1:0
            return = 200 a
            """;

    private static final String TAKES_THE_OFFER = "while read line && [ \"$line\" != END ]; do :;"
            + " done <&3\n";
    private static final String READY = "echo 'READY\t1 worker' >&3\nread go <&3\n";
    private static final String SERVING =
            "echo 'SERVING\tgeneration 2 serves\t127.0.0.1:0' >&3\nread yours <&3\n";
    private static final String DONE = "echo DONE >&3\nread alone <&3\n";
    private static final String DIES = "kill -9 $$\n";

    @TempDir Path folder;

    private final List<String> station = new CopyOnWriteArrayList<>();
    private final List<String> screen = new ArrayList<>();

    @Override
    public void publish() {
        station.add("publish");
    }

    @Override
    public void takePidFile() {
        station.add("pid file");
    }

    @Override
    public void takeOutput(Path printed) {}

    @Override
    public void giveUp() {
        station.add("give up");
    }

    @Override
    public void leave() {}

    private RunningMaster start(String script) throws Exception {
        return new RunningMaster(folder, TEXT, this, List.of("/bin/sh", "-c", script))
                .awaitReady();
    }

    /** Asks the master, as a command would. */
    private CompletableFuture<ExitCode> ask(RunningMaster running, Command command) {
        CompletableFuture<ExitCode> outcome = new CompletableFuture<>();
        running.master.tell(new MasterEvent.Asked(command, new Reply() {
            @Override
            public void line(String text) {
                screen.add(text);
            }

            @Override
            public void end(ExitCode code) {
                outcome.complete(code);
            }
        }));
        return outcome;
    }

    private static ExitCode outcome(CompletableFuture<ExitCode> asked) throws Exception {
        return asked.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        DIES,
        TAKES_THE_OFFER + DIES,
        TAKES_THE_OFFER + READY + DIES,
        TAKES_THE_OFFER + READY + SERVING + DIES
    })
    void servesOnWhereverTheNewMasterIsKilled(String script) throws Exception {
        try (RunningMaster running = start(script)) {
            String pid = RunningMaster.ask(running.port()).get("pid");
            // Twice: after the first attempt everything is as it was before.
            for (int i = 1; i <= 2; i++) {
                station.clear();
                assertEquals(ExitCode.ROLLED_BACK, outcome(ask(running, Command.UPGRADE)));
                assertTrue(screen.getLast().contains("the old program serves on"),
                        screen.toString());
                assertEquals(pid, RunningMaster.ask(running.port()).get("pid"));
                assertEquals(script.contains(SERVING) ? "[give up, publish, pid file]"
                        : script.contains(READY) ? "[publish]" : "[]", station.toString());
            }
            running.await("no totals are left", () -> list("counters").stream()
                    .noneMatch(name -> name.startsWith("totals")));
            running.nextFile(TEXT + "; another\n");
            assertEquals(ExitCode.DONE, outcome(ask(running, Command.RELOAD)));
        }
    }

    private List<String> list(String name) {
        return List.of(folder.resolve(name).toFile().list());
    }

    @Test
    void drainsWhenTheNewMasterIsDone() throws Exception {
        Path done = folder.resolve("done");
        RunningMaster running = start(
                TAKES_THE_OFFER + READY + SERVING + DONE + "echo $alone > " + done + "\n");
        assertEquals(ExitCode.DONE, outcome(ask(running, Command.UPGRADE)), screen.toString());
        assertEquals(ExitCode.DONE, running.awaitEnd());
        assertEquals("[give up]", station.toString());
        assertEquals("ALONE\n", Files.readString(done));
        assertTrue(running.logText().contains("has drained"));
    }

    @Test
    void reloadThatIsAskedForMeanwhileIsDoneWhenTheUpgradeFails() throws Exception {
        Path ready = folder.resolve("ready");
        Path die = folder.resolve("die");
        // Both are named pipes: the shell waits for the test, and the test for the shell.
        assertEquals(0, new ProcessBuilder("mkfifo", ready.toString(), die.toString())
                .start().waitFor());
        try (RunningMaster running = start(TAKES_THE_OFFER + "echo ready > " + ready
                + "\nread word < " + die + "\n" + DIES)) {
            CompletableFuture<ExitCode> upgrade = ask(running, Command.UPGRADE);
            assertEquals("ready\n", Files.readString(ready));
            running.nextFile(TEXT + "; another\n");
            running.signal(MasterSignal.HUP);
            CompletableFuture<ExitCode> reload = ask(running, Command.RELOAD);
            running.awaitLog("command reload received");
            assertFalse(reload.isDone());
            Files.writeString(die, "now\n");
            assertEquals(ExitCode.ROLLED_BACK, outcome(upgrade));
            assertEquals(ExitCode.DONE, outcome(reload), screen.toString());
            // The number of the failed upgrade is nobody's.
            running.await("the new file", () -> generation(running).equals("3"));
        }
    }

    private static String generation(RunningMaster running) {
        try {
            return RunningMaster.ask(running.port()).get("gen");
        } catch (IOException refused) {
            return refused.toString();
        }
    }

    @Test
    void reloadThatIsAskedForMeanwhileIsTheNewMastersWhenItTakesOver() throws Exception {
        Path ready = folder.resolve("ready");
        Path go = folder.resolve("go");
        assertEquals(0, new ProcessBuilder("mkfifo", ready.toString(), go.toString())
                .start().waitFor());
        RunningMaster running = start(TAKES_THE_OFFER + "echo ready > " + ready
                + "\nread word < " + go + "\n" + READY + SERVING
                + "echo DONE >&3\nread reload id <&3\necho \"TOLD\t$id\tit is read\" >&3\n"
                + "echo \"RELOADED\t$id\t1\" >&3\nread alone <&3\n");
        CompletableFuture<ExitCode> upgrade = ask(running, Command.UPGRADE);
        assertEquals("ready\n", Files.readString(ready));
        CompletableFuture<ExitCode> reload = ask(running, Command.RELOAD);
        running.awaitLog("the reload waits for the end of the upgrade");
        Files.writeString(go, "now\n");
        assertEquals(ExitCode.DONE, outcome(upgrade), screen.toString());
        assertEquals(ExitCode.FAILED, outcome(reload), "the new master's outcome");
        assertTrue(screen.contains("it is read"), screen.toString());
        assertEquals(ExitCode.DONE, running.awaitEnd());
    }
}
