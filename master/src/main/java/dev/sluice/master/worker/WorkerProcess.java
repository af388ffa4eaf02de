package dev.sluice.master.worker;

import dev.sluice.common.control.ControlMessage;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.system.Posix;
import java.nio.file.Path;

/**
 * One worker: its process, its link, its state. Owner: master loop.
 *
 * <p>The process id stays ours until {@link WorkerState#EXITED}, because only then its status has
 * been taken; so a signal sent before can never hit a stranger.
 */
public final class WorkerProcess {

    private final int slot;
    private final Generation generation;
    private final Path counters;
    private final int lane;
    private final ControlLink link;
    private final long startedNs;

    private long pid;
    private WorkerState state = WorkerState.SPAWNING;
    private String killedBecause;
    private boolean askedToStop;

    /** When it must be ready, or gone; whichever it is now. */
    private Timers.Timer deadline;

    /** Heartbeat as last read, and the monotonic time at which it was seen to change. */
    private long heartbeatMs;

    private long heartbeatSeenNs;
    private String lastWarning;
    private int warningsThisTick;

    WorkerProcess(
            int slot,
            Generation generation,
            Path counters,
            int lane,
            ControlLink link,
            long startedNs) {
        this.slot = slot;
        this.generation = generation;
        this.counters = counters;
        this.lane = lane;
        this.link = link;
        this.startedNs = startedNs;
    }

    public int slot() {
        return slot;
    }

    public Generation generation() {
        return generation;
    }

    public Path counters() {
        return counters;
    }

    /** Its number among all living workers; see {@link Lanes}. */
    public int lane() {
        return lane;
    }

    public long startedNs() {
        return startedNs;
    }

    public long pid() {
        return pid;
    }

    public WorkerState state() {
        return state;
    }

    ControlLink link() {
        return link;
    }

    void spawned(long pid) {
        assert this.pid == 0;
        this.pid = pid;
        become(WorkerState.WARMING);
    }

    void become(WorkerState next) {
        assert state.mayBecome(next) : state + " -> " + next;
        state = next;
    }

    boolean alive() {
        return state != WorkerState.EXITED;
    }

    /** Whether its exit is what the master wanted. */
    boolean exitWanted() {
        return askedToStop || state == WorkerState.DRAINING;
    }

    boolean askedToStop() {
        return askedToStop;
    }

    void askToStop() {
        askedToStop = true;
    }

    /** Ends it at once; the reason appears in the line about its exit. */
    void kill(String because) {
        if (alive() && pid > 0) {
            killedBecause = killedBecause == null ? because : killedBecause;
            Posix.kill(pid, Posix.SIGKILL);
        }
    }

    /** Asks the JVM for a thread dump on its standard error, which is the error log. */
    void dumpThreads() {
        if (alive() && pid > 0) {
            Posix.kill(pid, Posix.SIGQUIT);
        }
    }

    /** Why the master killed it, or null. */
    String killedBecause() {
        return killedBecause;
    }

    /** Replaces the deadline; null for none. */
    void deadline(Timers.Timer next) {
        if (deadline != null) {
            deadline.cancel();
        }
        deadline = next;
    }

    /** @return false when it does not read what it is sent */
    boolean send(ControlMessage.FromMaster message) {
        return link.send(message);
    }

    /** Answers a {@link ControlMessage.MetricsRequest}; any thread. */
    public void answerMetrics(long id, byte[] text) {
        link.send(new ControlMessage.MetricsResponse(id, text));
    }

    /** Asks it for an operator. @return false when it does not read what it is sent */
    public boolean ask(ControlMessage.FromMaster question) {
        return send(question);
    }

    /** The heartbeat was read. @return how long it has not changed, in nanoseconds */
    long heartbeat(long readMs, long nowNs) {
        if (readMs != heartbeatMs) {
            heartbeatMs = readMs;
            heartbeatSeenNs = nowNs;
        }
        return nowNs - heartbeatSeenNs;
    }

    /** Counts the stall anew: it begins to serve, or the master itself was not running. */
    void forgiveStall(long nowNs) {
        heartbeatSeenNs = nowNs;
    }

    /** @return how many warnings it has sent since the last {@link #nextTick}, this one included */
    int warned(String text) {
        lastWarning = text;
        return ++warningsThisTick;
    }

    /** What it said before it ended without ever having been ready; empty when that was nothing. */
    String lastWords(WorkerState before) {
        return lastWarning == null || before != WorkerState.WARMING ? "" : ": " + lastWarning;
    }

    /** @return how many warnings it sent in the tick that ends */
    int nextTick() {
        int warnings = warningsThisTick;
        warningsThisTick = 0;
        return warnings;
    }

    /** For log lines: "worker 0 (pid 123, generation 2)". */
    @Override
    public String toString() {
        return "worker " + slot + " (pid " + pid + ", generation " + generation.number() + ")";
    }
}
