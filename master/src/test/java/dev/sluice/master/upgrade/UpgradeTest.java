package dev.sluice.master.upgrade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.Reply;
import dev.sluice.master.loop.Timers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The old master's side, with a new program that is played. */
class UpgradeTest implements Upgrade.Host, Upgrade.Program, Reply {

    private final SteppedClock clock = new SteppedClock(0);
    private final Timers timers = new Timers(clock);
    private final Upgrade upgrade = new Upgrade(this, this, timers, clock, ErrorLog.NONE);

    /** Everything that happens, in its order. */
    private final List<String> events = new ArrayList<>();

    private final List<String> screen = new ArrayList<>();
    private List<String> output = List.of();
    private Consumer<List<String>> said;
    private Runnable ended;
    private boolean startFails;
    private ExitCode code;

    @Override
    public List<List<String>> offer() {
        return List.of(List.of("OFFER"), List.of("END"));
    }

    @Override
    public void begins() {
        events.add("begins");
    }

    @Override
    public void give(long pid) {
        events.add("given to " + pid);
    }

    @Override
    public void rolledBack(Upgrade.Phase from, String what) {
        events.add("rolled back from " + from);
    }

    @Override
    public void signal(int number) {
        events.add("own signal " + number);
    }

    @Override
    public void said(List<String> words) {
        events.add("said " + words);
    }

    @Override
    public void successorEnded() {
        events.add("successor ended");
    }

    @Override
    public void handOver(long pid, Set<String> keys) {
        events.add("handed over to " + pid + " " + keys);
    }

    @Override
    public void start(Consumer<List<String>> toSay, Runnable toEnd) throws IOException {
        if (startFails) {
            throw new IOException("no setsid");
        }
        said = toSay;
        ended = toEnd;
    }

    @Override
    public void send(List<String> words) {
        events.add(words.getFirst());
    }

    @Override
    public void kill(long pid, int signal) {
        events.add("kill " + pid + " " + signal);
        if (signal == 9) {
            ended.run();
        }
    }

    @Override
    public List<String> output() {
        return output;
    }

    @Override
    public void close() {
        events.add("closed");
    }

    @Override
    public void line(String text) {
        screen.add(text);
    }

    @Override
    public void end(ExitCode how) {
        assertEquals(null, code, "answered once");
        code = how;
    }

    private void say(String... words) {
        said.accept(List.of(words));
    }

    private void pass(long ms) {
        clock.stepMs(ms);
        for (Runnable due = timers.takeDue(); due != null; due = timers.takeDue()) {
            due.run();
        }
    }

    private void until(Upgrade.Phase phase) {
        upgrade.ask(this);
        say("77");
        if (phase.compareTo(Upgrade.Phase.COMMITTED) >= 0) {
            say("READY", "2 workers");
        }
        if (phase.compareTo(Upgrade.Phase.GIVING) >= 0) {
            say("SERVING", "generation 2 serves", "a:1", "b:2");
        }
        if (phase == Upgrade.Phase.GIVEN) {
            say("DONE");
        }
    }

    @Test
    void oldWorkersDrainWhenTheNewMasterHasEverything() {
        until(Upgrade.Phase.GIVING);
        assertEquals("[begins, OFFER, END, GO, given to 77]", events.toString());
        assertTrue(upgrade.giving(77));
        assertFalse(upgrade.given());
        assertEquals(null, code);
        say("DONE");
        assertTrue(upgrade.given());
        assertEquals(ExitCode.DONE, code);
        assertTrue(events.get(5).startsWith("handed over to 77 ["), events.toString());
        assertEquals("ALONE", events.get(6));
        assertEquals(7, events.size());
        assertTrue(screen.getLast().contains(" -> pid 77 after "), screen.toString());
        pass(Upgrade.READY_TIMEOUT_MS);
        assertEquals(7, events.size(), "no deadline is left");
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTING", "COMMITTED", "GIVING"})
    void newMasterThatIsKilledIsRolledBack(Upgrade.Phase phase) {
        until(phase);
        ended.run();
        assertEquals(ExitCode.ROLLED_BACK, code);
        assertEquals("rolled back from " + phase, events.getLast());
        assertTrue(screen.getLast().contains("the old program serves on"), screen.toString());
        assertTrue(events.stream().noneMatch(e -> e.startsWith("handed over")));
        pass(Upgrade.READY_TIMEOUT_MS);
        assertEquals("rolled back from " + phase, events.getLast(), "no deadline is left");
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTING", "COMMITTED", "GIVING"})
    void newMasterThatStopsTalkingIsKilled(Upgrade.Phase phase) {
        until(phase);
        long limitMs = phase == Upgrade.Phase.STARTING
                ? Upgrade.READY_TIMEOUT_MS : Upgrade.SWITCH_TIMEOUT_MS;
        pass(limitMs - 1);
        assertEquals(null, code);
        pass(1);
        assertEquals(ExitCode.TIMED_OUT, code);
        assertTrue(events.contains("kill 77 9"), events.toString());
        assertEquals("rolled back from " + phase, events.getLast());
        assertTrue(screen.getLast().contains("did not answer within " + limitMs + " ms"));
    }

    @Test
    void endOfTheNewMasterAfterItsDoneIsItsOwn() {
        until(Upgrade.Phase.GIVEN);
        ended.run();
        assertEquals(ExitCode.DONE, code);
        assertEquals("successor ended", events.getLast());
    }

    @Test
    void newMasterThatCannotTakeThePidFileIsRolledBackAtOnce() {
        until(Upgrade.Phase.GIVING);
        say("FAILED", "3", "no pid file");
        assertEquals(ExitCode.ROLLED_BACK, code);
        assertEquals("rolled back from GIVING", events.getLast());
        assertTrue(screen.getLast().contains("no pid file"), screen.toString());
        ended.run();
        assertEquals("rolled back from GIVING", events.getLast());
    }

    @Test
    void answersToForwardedQuestionsArePassedOn() {
        until(Upgrade.Phase.GIVEN);
        say("SCRAPED", "1", "");
        assertEquals("said [SCRAPED, 1, ]", events.getLast());
    }

    @Test
    void programThatEndsAtOnceIsRolledBackWithWhatItPrinted() {
        output = List.of("first", "a jar is missing");
        upgrade.ask(this);
        say("77");
        ended.run();
        assertEquals(ExitCode.ROLLED_BACK, code);
        assertTrue(screen.contains("first"), screen.toString());
        assertTrue(screen.getLast().contains("a jar is missing; the old program serves on"));
        assertEquals("[begins, OFFER, END, closed, rolled back from STARTING]", events.toString());
    }

    @Test
    void programThatCannotBeStartedIsRolledBack() {
        startFails = true;
        upgrade.ask(this);
        assertEquals(ExitCode.ROLLED_BACK, code);
        assertTrue(screen.getLast().contains("no setsid"));
    }

    @Test
    void badConfigurationHasItsOwnCode() {
        upgrade.ask(this);
        say("77");
        say("FAILED", "1", "the configuration is bad");
        ended.run();
        assertEquals(ExitCode.FAILED, code);
        assertTrue(screen.getLast().contains("the configuration is bad"));
    }

    @Test
    void endOfTheMasterKillsTheNewOne() {
        upgrade.ask(this);
        say("77");
        assertTrue(upgrade.cancel(15));
        assertTrue(events.contains("kill 77 9"), events.toString());
        assertEquals(ExitCode.ROLLED_BACK, code);
        assertEquals(1, events.stream().filter(e -> e.startsWith("rolled back")).count());
    }

    @ParameterizedTest
    @EnumSource(names = {"COMMITTED", "GIVING"})
    void endThatComesTooLateGoesToTheNewMaster(Upgrade.Phase phase) {
        until(phase);
        assertFalse(upgrade.cancel(15));
        if (phase == Upgrade.Phase.COMMITTED) {
            say("SERVING", "generation 2 serves");
        }
        say("DONE");
        assertEquals("kill 77 15", events.getLast());
        assertTrue(upgrade.cancel(2), "the old one itself may end now");
    }

    @ParameterizedTest
    @EnumSource(names = {"COMMITTED", "GIVING"})
    void endThatComesTooLateIsObeyedHereWhenTheNewMasterIsKilled(Upgrade.Phase phase) {
        until(phase);
        assertFalse(upgrade.cancel(15));
        ended.run();
        assertEquals("own signal 15", events.getLast());
        assertEquals(ExitCode.ROLLED_BACK, code);
    }

    @Test
    void secondAttemptIsNotDisturbedByTheEndOfTheFirst() {
        upgrade.ask(this);
        Runnable endOfFirst = ended;
        pass(Upgrade.READY_TIMEOUT_MS);
        assertEquals(ExitCode.TIMED_OUT, code);
        code = null;
        upgrade.ask(this);
        endOfFirst.run();
        assertEquals(null, code);
        say("78");
        say("READY", "1 worker");
        say("SERVING", "generation 3 serves");
        say("DONE");
        assertEquals(ExitCode.DONE, code);
    }
}
