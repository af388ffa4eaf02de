package dev.sluice.master.worker;

/**
 * One worker process, as the master knows it. Owner: master loop.
 *
 * <pre>
 *   spawned        says Ready        told Serve        told Drain
 *  SPAWNING ─────► WARMING ─────► READY ─────────► SERVING ─────────► DRAINING
 *      │              │             │  told Stop       │                 │
 *      │ not started  │ exit        └───────► exit     │ exit            │ exit
 *      └──────────────┴─────────────────┴──────────────┴─────────────────┴──► EXITED (absorbs)
 * </pre>
 */
public enum WorkerState {
    /** Its sockets and files are made, exactly until posix_spawn has given a pid. */
    SPAWNING("spawning"),
    /** The process runs and has not said Ready yet: it loads and warms up. */
    WARMING("warming up"),
    /** It has said Ready and polls nothing; exactly until all workers of its generation are. */
    READY("ready"),
    /** It polls the listeners of its slot. */
    SERVING("serving"),
    /** It was told to finish what runs and to exit. */
    DRAINING("draining"),
    /** Its status is taken from the kernel. */
    EXITED("exited");

    private final String phrase;

    WorkerState(String phrase) {
        this.phrase = phrase;
    }

    /** For log lines: "worker 0 exited with code 1 while serving". */
    public String phrase() {
        return phrase;
    }

    /** Whether the diagram has an arrow from here to there. */
    public boolean mayBecome(WorkerState next) {
        return switch (this) {
            case SPAWNING -> next == WARMING || next == EXITED;
            case WARMING -> next == READY || next == EXITED;
            case READY -> next == SERVING || next == EXITED;
            case SERVING -> next == DRAINING || next == EXITED;
            case DRAINING -> next == EXITED;
            case EXITED -> false;
        };
    }
}
