package dev.sluice.master.worker;

import dev.sluice.master.loop.Timers;

/**
 * The place of one worker: a column of listening sockets and whoever serves it. Owner: master loop.
 */
final class Slot {

    final int index;
    final RespawnPolicy policy;

    /** The worker of this slot in any state before EXITED; null while the next start is due. */
    WorkerProcess current;

    /** The neighbour that polls this slot's sockets while {@link #current} does not. */
    WorkerProcess guardian;

    /** The next start, when it is delayed. */
    Timers.Timer respawn;

    Slot(int index, RespawnPolicy policy) {
        this.index = index;
        this.policy = policy;
    }

    boolean served() {
        return current != null && current.state() == WorkerState.SERVING;
    }

    void cancelRespawn() {
        if (respawn != null) {
            respawn.cancel();
            respawn = null;
        }
    }
}
