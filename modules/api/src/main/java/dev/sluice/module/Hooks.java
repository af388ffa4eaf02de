package dev.sluice.module;

/**
 * Where a module registers what it does in one location; used in {@link ModuleInstance#install}
 * only. The same hook object may be registered in many locations.
 *
 * <p>A hook that throws, or an asked one that is not done in time, counts as failed: the request
 * goes on as {@code on_error} of {@code [module NAME]} says, {@code fail_closed} (500),
 * {@code fail_open} (as if the hook were not there) or {@code unavailable} (503). After ten
 * failures within ten seconds the hook is not called for ten seconds, and counts as failed.
 *
 * <p>A hook for a head that fails is counted, too, but an answer or a request on its way cannot be
 * taken back: what it has changed until then stays, and the head is sent. What must not be missing
 * is found out in a phase, and put into a {@link Slot}.
 */
public interface Hooks {

    /** Asked on the event loop; must not block. */
    void on(Phase phase, RequestHook hook);

    /**
     * Asked on a virtual thread and may block there. At most {@code max_concurrent} of a module run
     * at once, each at most {@code timeout}; its thread is interrupted then.
     */
    void blocking(Phase phase, BlockingHook hook);

    /** Changes the head of the request to the peer. On the event loop; must not block. */
    void onUpstreamRequest(HeadHook hook);

    /** Changes the head of the answer to the client. On the event loop; must not block. */
    void onResponse(HeadHook hook);

    /** Told of every exchange that has ended. On the event loop; must not block. */
    void onLog(LogHook hook);
}
