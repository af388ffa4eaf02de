package dev.sluice.worker.boot;

/** Life of a worker as it sees itself; the diagram stands at {@link Worker}. */
enum WorkerState {
    /** Parts are being built. */
    STARTING,
    /** It serves itself, exactly until READY has been said. */
    WARMING,
    /** Everything is built and no listener is polled yet. */
    READY,
    /** Listeners are polled. */
    SERVING,
    /** Listeners are closed; what runs is finished. */
    DRAINING,
    /** The loop ends with this turn; absorbs. */
    ENDED;

    boolean mayBecome(WorkerState next) {
        return switch (this) {
            case STARTING -> next == WARMING || next == READY || next == ENDED;
            case WARMING -> next == READY || next == ENDED;
            case READY -> next == SERVING || next == DRAINING || next == ENDED;
            case SERVING -> next == DRAINING || next == ENDED;
            case DRAINING -> next == ENDED;
            case ENDED -> false;
        };
    }
}
