package dev.sluice.master.notify;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.master.listen.ListenTable;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.worker.Fleet;
import java.util.Map;

/**
 * The conversation with systemd, as sd_notify(3) describes it: ready, reloading, stopping, a line
 * of status, a watchdog, and more time while workers warm up or drain. Silent without {@code
 * NOTIFY_SOCKET}. Owner: master loop.
 *
 * <p>The watchdog is fed while workers answer. A single worker that hangs is replaced by the master
 * itself; only when no worker at all has turned for a whole period does the feeding stop, so that
 * systemd starts everything anew.
 */
public final class SystemdNotify {

    /** What of the master's states concerns systemd. */
    public enum Phase {
        STARTING,
        SERVING,
        RELOADING,
        /** Serving nothing, on request. */
        RESTING,
        ENDING
    }

    private static final long TICK_MS = 1_000;

    /** How many ticks pass between looks at what the status says. */
    private static final int STATUS_TICKS = 5;

    /** What is asked for each second while something takes time; the next tick asks again. */
    private static final long EXTENSION_US = 15_000_000;

    private static final long NS_PER_US = 1_000;

    private final NotifySocket socket;
    private final FleetWatch watch;
    private final SocketStore store;
    private final Timers timers;
    private final Clock clock;
    private final Watchdog watchdog;
    private Phase phase = Phase.STARTING;
    private String trouble = "";
    private String lastStatus = "";
    private int ticks;
    private boolean handedOver;

    public SystemdNotify(
            Map<String, String> environment,
            Fleet fleet,
            ListenTable listeners,
            Timers timers,
            Clock clock,
            ErrorLog log) {
        this.socket = new NotifySocket(environment, log);
        this.watch = new FleetWatch(fleet, log);
        this.store = new SocketStore(socket, listeners);
        this.timers = timers;
        this.clock = clock;
        this.watchdog =
                Watchdog.of(environment, ProcessHandle.current().pid(), clock.nowNs());
    }

    /** Begins the conversation; once. */
    public void start() {
        if (socket.wanted()) {
            socket.open();
            tick();
        }
    }

    /** Another process is the master from now on; nothing more is said from here. */
    public void handOver(long pid) {
        if (socket.wanted()) {
            socket.send("MAINPID=" + pid + "\n");
            handedOver = true;
        }
    }

    /** Begins the conversation in the place of another master: it serves already. */
    public void takeOver() {
        if (socket.wanted()) {
            start();
            Phase now = phase;
            phase = Phase.STARTING;
            became(now);
        }
    }

    /** The master changed its state. */
    public void became(Phase next) {
        if (!socket.wanted() || handedOver || next == phase) {
            return;
        }
        phase = next;
        String state = switch (next) {
            case STARTING -> "";
            // systemd measures the reload from this instant, on CLOCK_MONOTONIC as nanoTime does.
            case RELOADING -> "RELOADING=1\nMONOTONIC_USEC=" + clock.nowNs() / NS_PER_US + "\n";
            case SERVING, RESTING -> "READY=1\n";
            case ENDING -> "STOPPING=1\n";
        };
        lastStatus = status();
        socket.send(state + extension() + "STATUS=" + lastStatus + "\n");
        if (next == Phase.SERVING) {
            store.update();
            watchdog.answered(clock.nowNs());
        }
    }

    /** Why the last reload or the start failed; empty when all is well. */
    public void trouble(String what) {
        trouble = what;
    }

    private void tick() {
        if (handedOver) {
            return;
        }
        timers.afterMs(TICK_MS, this::tick);
        long nowNs = clock.nowNs();
        if (watch.anyTurned() || phase == Phase.RESTING) {
            watchdog.answered(nowNs);
        }
        StringBuilder lines = new StringBuilder(extension());
        if (watchdog.due(nowNs)) {
            lines.append("WATCHDOG=1\n");
        }
        String status = ++ticks % STATUS_TICKS == 0 ? status() : lastStatus;
        if (!status.equals(lastStatus)) {
            lastStatus = status;
            lines.append("STATUS=").append(status).append('\n');
        }
        if (!lines.isEmpty()) {
            socket.send(lines.toString());
        }
    }

    /**
     * Warming ends by itself after {@link Fleet#READY_TIMEOUT_MS}, draining by the time that the
     * configuration allows. Where that is without end, the limit of systemd holds.
     */
    private String extension() {
        boolean takesTime = switch (phase) {
            case STARTING, RELOADING -> true;
            case SERVING, RESTING -> false;
            case ENDING -> watch.drainingEnds();
        };
        return takesTime ? "EXTEND_TIMEOUT_USEC=" + EXTENSION_US + "\n" : "";
    }

    private String status() {
        String text = switch (phase) {
            case STARTING -> "starting";
            case SERVING -> watch.describe();
            case RELOADING -> "reloading; " + watch.describe();
            case RESTING -> "resting, the sockets are held; " + watch.describe();
            case ENDING -> "ending; " + watch.describe();
        };
        String line = trouble.isEmpty() ? text : text + "; last failure: " + trouble;
        return line.replace('\n', ' ');
    }
}
