package dev.sluice.master;

import dev.sluice.master.loop.Timers;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Takes the pid file from a process that has ended or unlocked it. A process that is killed is
 * noticed by its sockets, and the kernel may drop its lock a moment later. Owner: master loop.
 */
final class PidFileTurn {

    static final int ATTEMPTS = 100;
    static final long PAUSE_MS = 20;

    private final Station station;
    private final Timers timers;

    PidFileTurn(Station station, Timers timers) {
        this.station = station;
        this.timers = timers;
    }

    /** One of the two runs, perhaps later. */
    void take(Runnable taken, Consumer<IOException> failed) {
        attempt(ATTEMPTS, taken, failed);
    }

    private void attempt(int left, Runnable taken, Consumer<IOException> failed) {
        try {
            station.takePidFile();
        } catch (IOException locked) {
            if (left > 1) {
                timers.afterMs(PAUSE_MS, () -> attempt(left - 1, taken, failed));
            } else {
                failed.accept(locked);
            }
            return;
        }
        taken.run();
    }
}
