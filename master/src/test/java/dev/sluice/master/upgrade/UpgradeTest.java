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
    public void rolledBack(String what) {
        events.add("rolled back");
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

    private void untilReady() {
        upgrade.ask(this);
        say("77");
        say("READY", "2 workers");
    }

    @Test
    void handsOverWhenTheNewWorkersServe() {
        untilReady();
        assertFalse(upgrade.given());
        say("SERVING", "generation 2 serves", "a:1", "b:2");
        assertTrue(upgrade.given());
        say("DONE");
        assertEquals(ExitCode.DONE, code);
        assertEquals("[begins, OFFER, END, GO]", events.subList(0, 4).toString());
        assertTrue(events.get(4).startsWith("handed over to 77 ["), events.toString());
        assertEquals(5, events.size());
        assertTrue(screen.getLast().contains(" -> pid 77 after "), screen.toString());
        pass(Upgrade.READY_TIMEOUT_MS);
        assertEquals(5, events.size(), "no deadline is left");
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
        assertEquals("[begins, OFFER, END, closed, rolled back]", events.toString());
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
    void programThatHangsIsKilled() {
        upgrade.ask(this);
        say("77");
        pass(Upgrade.READY_TIMEOUT_MS - 1);
        assertEquals(null, code);
        pass(1);
        assertEquals(ExitCode.TIMED_OUT, code);
        assertTrue(events.contains("kill 77 9"), events.toString());
        assertEquals("rolled back", events.getLast());
    }

    @Test
    void programThatHangsAfterItWasToldToServeIsKilled() {
        untilReady();
        pass(Upgrade.SWITCH_TIMEOUT_MS);
        assertEquals(ExitCode.TIMED_OUT, code);
        assertEquals("rolled back", events.getLast());
    }

    @Test
    void endOfTheMasterKillsTheNewOne() {
        upgrade.ask(this);
        say("77");
        assertTrue(upgrade.cancel(15));
        assertTrue(events.contains("kill 77 9"), events.toString());
        assertEquals(ExitCode.ROLLED_BACK, code);
        assertEquals(1, events.stream().filter("rolled back"::equals).count());
    }

    @Test
    void endThatComesTooLateGoesToTheNewMaster() {
        untilReady();
        assertFalse(upgrade.cancel(15));
        say("SERVING", "generation 2 serves");
        assertEquals("kill 77 15", events.getLast());
        assertTrue(upgrade.cancel(2), "the old one itself may end now");
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
