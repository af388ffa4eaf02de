package dev.sluice.master.upgrade;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.command.Reply;
import dev.sluice.master.loop.Timers;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The old master's side of {@code -s upgrade}: starts the program as it now is on disk, lets its
 * workers serve beside the old ones when they stand ready, and ends its own work when the new one
 * has everything. Until then the old workers serve and its sockets are open, so that going back,
 * whenever the new process ends or hangs, means to take the pid file, the command socket and the
 * counting back. Owner: master loop.
 *
 * <pre>
 *          ask           READY, told GO          SERVING, told YOURS       DONE, told ALONE
 *   NONE ───────► STARTING ────────────► COMMITTED ─────────────► GIVING ──────────────► GIVEN
 *    ▲               │                       │                      │
 *    └───────────────┴───────────────────────┴──────────────────────┘
 *                     FAILED, end of the process, timeout
 * </pre>
 */
public final class Upgrade {

    /** What the master does and knows. */
    public interface Host {
        /** Lines that tell the new master what it takes over. */
        List<List<String>> offer();

        void begins();

        /** The new workers serve: the new master may have the pid file and what is counted. */
        void give(long pid);

        /** The new master has everything, and serves these addresses: the old workers drain. */
        void handOver(long pid, Set<String> keys);

        /** Everything is to be as before. @param from what was reached */
        void rolledBack(Phase from, String what);

        /** A signal that came meanwhile is for this master after all. */
        void signal(int number);

        /** The new master said something else. */
        void said(List<String> words);

        /** The new master, to whom everything was handed over, has ended. */
        void successorEnded();
    }

    /** The process of the new master. */
    public interface Program {
        /** Starts it. Both callbacks are called on the master loop. */
        void start(Consumer<List<String>> said, Runnable ended)
                throws IOException;

        void send(List<String> words);

        void kill(long pid, int signal);

        /** The last lines that it printed, oldest first. */
        List<String> output();

        /** Forgets a process that has ended. */
        void close();
    }

    /** Starting a JVM, reading the file, and what the fleet allows a worker to become ready. */
    static final long READY_TIMEOUT_MS = 60_000;

    /** From GO to SERVING, and from there to DONE, is a matter of milliseconds: each has this. */
    static final long SWITCH_TIMEOUT_MS = 10_000;

    public static final int SIGINT = 2;
    public static final int SIGTERM = 15;

    private static final int SIGKILL = 9;
    private static final long NS_PER_MS = 1_000_000;

    /** How far it is; see the diagram. */
    public enum Phase {
        /** No other program runs. */
        NONE,
        /** It starts, exactly until its workers stand ready. */
        STARTING,
        /** It was told GO and has not said SERVING. */
        COMMITTED,
        /** Both serve; the pid file changes hands. */
        GIVING,
        /** The other one is the master. Absorbs. */
        GIVEN
    }

    private final Host host;
    private final Program program;
    private final Timers timers;
    private final Clock clock;
    private final ErrorLog log;
    private Phase phase = Phase.NONE;
    private Reply asking = Reply.NOBODY;
    private boolean answered;
    private long pid;
    private String reason = "";
    private ExitCode code = ExitCode.ROLLED_BACK;
    private Timers.Timer deadline;
    private long beganNs;
    private long readyNs;
    private int signalAfter;
    private Set<String> keys = Set.of();
    private String serves = "";
    private int attempt;
    private List<List<String>> offer = List.of();

    public Upgrade(Host host, Program program, Timers timers, Clock clock, ErrorLog log) {
        this.host = host;
        this.program = program;
        this.timers = timers;
        this.clock = clock;
        this.log = log;
    }

    /** Begins one; the master runs and nothing else is under way. */
    public void ask(Reply reply) {
        assert phase == Phase.NONE : phase;
        asking = reply;
        answered = false;
        pid = 0;
        reason = "";
        code = ExitCode.ROLLED_BACK;
        signalAfter = 0;
        beganNs = clock.nowNs();
        phase = Phase.STARTING;
        int now = ++attempt;
        host.begins();
        offer = host.offer();
        deadline = timers.afterMs(READY_TIMEOUT_MS, () -> late(READY_TIMEOUT_MS));
        try {
            program.start(
                    words -> {
                        if (now == attempt) {
                            said(words);
                        }
                    },
                    () -> {
                        if (now == attempt) {
                            ended();
                        }
                    });
        } catch (IOException failed) {
            reason = failed.getMessage();
            rollBack();
        }
    }

    private void said(List<String> words) {
        if (pid == 0) {
            pid = number(words.getFirst());
            offer.forEach(program::send);
            return;
        }
        switch (words.getFirst()) {
            case "FAILED" -> failed(words);
            case "READY" -> ready(words);
            case "SERVING" -> serving(words);
            case "DONE" -> done();
            default -> host.said(words);
        }
    }

    /** It ends by itself; once its workers serve that takes as long as they drain. */
    private void failed(List<String> words) {
        if (phase == Phase.GIVEN) {
            return;
        }
        code = ExitCode.of((int) number(words.get(1)));
        reason = words.getLast();
        if (phase != Phase.STARTING) {
            rollBack();
        }
    }

    private static long number(String digits) {
        return digits.matches("[0-9]{1,9}") ? Long.parseLong(digits) : 0;
    }

    private void ready(List<String> words) {
        if (phase == Phase.STARTING) {
            readyNs = clock.nowNs();
            asking.line("ready     " + ms(beganNs, readyNs) + " ms: " + words.getLast());
            phase = Phase.COMMITTED;
            limit(SWITCH_TIMEOUT_MS);
            program.send(List.of("GO"));
        }
    }

    private void limit(long limitMs) {
        deadline.cancel();
        deadline = timers.afterMs(limitMs, () -> late(limitMs));
    }

    private void serving(List<String> words) {
        if (phase != Phase.COMMITTED) {
            return;
        }
        phase = Phase.GIVING;
        limit(SWITCH_TIMEOUT_MS);
        serves = words.get(1);
        keys = Set.copyOf(words.subList(2, words.size()));
        host.give(pid);
    }

    private void done() {
        if (phase != Phase.GIVING) {
            return;
        }
        phase = Phase.GIVEN;
        asking.line("switch    " + ms(readyNs, clock.nowNs()) + " ms");
        log.log(Level.NOTICE, "the program is upgraded: pid " + pid + " is the master, "
                + serves + " after " + ms(beganNs, clock.nowNs()) + " ms; the workers of this one"
                + " drain");
        host.handOver(pid, keys);
        program.send(List.of("ALONE"));
        answer(ExitCode.DONE, "");
        if (signalAfter != 0) {
            program.kill(pid, signalAfter);
        }
    }

    private static long ms(long fromNs, long toNs) {
        return (toNs - fromNs) / NS_PER_MS;
    }

    private void late(long limitMs) {
        code = ExitCode.TIMED_OUT;
        reason = "the new program did not answer within " + limitMs + " ms";
        end();
    }

    /** Its end, which follows, rolls back; without a pid there is none to wait for. */
    private void end() {
        if (pid > 1) {
            program.kill(pid, SIGKILL);
        } else {
            rollBack();
        }
    }

    private void ended() {
        if (phase == Phase.GIVEN) {
            log.log(Level.NOTICE, "the new master, pid " + pid + ", has ended");
            host.successorEnded();
        } else if (phase != Phase.NONE) {
            rollBack();
        }
    }

    private void rollBack() {
        if (phase == Phase.NONE) {
            return;
        }
        Phase from = phase;
        phase = Phase.NONE;
        List<String> output = program.output();
        output.forEach(asking::line);
        if (reason.isEmpty()) {
            reason = "the new program ended" + (output.isEmpty() ? " " + when(from)
                    : ": " + output.getLast());
        }
        deadline.cancel();
        program.close();
        String what = "the upgrade is rolled back: " + reason + "; the old program serves on";
        log.log(Level.ERROR, what);
        host.rolledBack(from, what);
        answer(code, what);
        if (signalAfter != 0) {
            host.signal(signalAfter);
        }
    }

    private static String when(Phase from) {
        return switch (from) {
            case NONE, STARTING -> "before its workers were ready";
            case COMMITTED -> "when its workers were to serve";
            case GIVING, GIVEN -> "when it was to take over";
        };
    }

    private void answer(ExitCode how, String more) {
        if (answered) {
            return;
        }
        answered = true;
        deadline.cancel();
        asking.line("sluice: " + (phase == Phase.NONE ? more
                : "upgraded: pid " + ProcessHandle.current().pid() + " -> pid " + pid
                        + " after " + ms(beganNs, clock.nowNs()) + " ms" + more));
        asking.end(how);
    }

    /**
     * The master is told to end meanwhile.
     *
     * @param signal what a new master is sent that serves already
     * @return false when it serves already or is about to: the signal goes to whoever is the
     *     master in the end
     */
    public boolean cancel(int signal) {
        if (phase == Phase.COMMITTED || phase == Phase.GIVING) {
            signalAfter = signal;
            return false;
        }
        if (phase == Phase.STARTING) {
            reason = "the master ends";
            if (pid > 1) {
                program.kill(pid, SIGKILL);
            }
            rollBack();
        }
        return true;
    }

    /** Whether somebody waits for the outcome: the process must not end before. */
    public boolean unanswered() {
        return phase != Phase.NONE && !answered;
    }

    /** Whether the new master has not said yet that it has everything. */
    public boolean giving(long toPid) {
        return phase == Phase.GIVING && pid == toPid;
    }

    /** Whether another master has taken over. */
    public boolean given() {
        return phase == Phase.GIVEN;
    }
}
