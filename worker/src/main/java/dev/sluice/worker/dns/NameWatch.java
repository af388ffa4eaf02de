package dev.sluice.worker.dns;

import dev.sluice.common.config.ResolverConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;

/**
 * One name for as long as the worker lives: looked up when the last answer has grown old.
 *
 * <pre>
 *               found                          no server answers
 *   UNKNOWN ─────────────► KNOWN ───────────────────────────────► STALE
 *     │  ▲                 │ ▲ ▲                                  │ │
 *     │  │ no such name    │ │ └────────────── found ─────────────┘ │
 *     │  └─────────────────┴─┼──────────────────────────────────────┘
 *     └── asked again, later and later
 * </pre>
 *
 * STALE goes on with the last good answer: silent servers say nothing about the name. A server that
 * says that the name is not there is believed.
 *
 * <p>Owner: event loop.
 */
public final class NameWatch extends Timed {

    /** Whoever uses the addresses. All calls come on the loop. */
    public interface Listener {

        /** There is an answer; most often it is the one from before. */
        void found(Answer answer);

        /** The name has no address any longer. */
        void lost();

        /**
         * The state has changed, or the reason for it has: once, not for each try.
         *
         * @param reason null when the name resolves
         */
        void changed(State state, String reason);
    }

    /** What is known of the name. */
    public enum State {
        /** Nothing: never found, or there is no such name. */
        UNKNOWN,
        /** The last lookup found addresses. */
        KNOWN,
        /** The last lookup failed and an earlier answer stands. */
        STALE
    }

    static final long TTL_MIN_MS = 1_000;
    static final long TTL_MAX_MS = 3_600_000;
    static final long RETRY_MIN_MS = 1_000;
    static final long RETRY_MAX_MS = 30_000;
    private static final long NS_PER_MS = 1_000_000L;

    private final LoopContext ctx;
    private final Names names;
    private final String host;
    private final String service;
    private final ResolverConfig config;
    private final Listener listener;
    private State state = State.UNKNOWN;
    private boolean asked;
    private long retryMs = RETRY_MIN_MS;
    private Lookup lookup;

    NameWatch(LoopContext ctx, Names names, String host, String service, ResolverConfig config,
            Listener listener) {
        this.ctx = ctx;
        this.names = names;
        this.host = host;
        this.service = service;
        this.config = config;
        this.listener = listener;
    }

    void ask() {
        assert lookup == null;
        lookup = names.lookup(config, this::answered);
        lookup.start(host, service);
    }

    private void answered(Answer answer) {
        lookup = null;
        ctx.counters.add(answer.isFound() ? CounterId.DNS_LOOKUPS_FOUND
                : answer.outcome() == Reply.Outcome.NONE ? CounterId.DNS_LOOKUPS_NONE
                        : CounterId.DNS_LOOKUPS_FAILED, 1);
        if (answer.isFound()) {
            retryMs = RETRY_MIN_MS;
            listener.found(answer);
            become(State.KNOWN, null);
            askAgainIn(config.validMs() > 0 ? config.validMs()
                    : Math.clamp(answer.ttlMs(), TTL_MIN_MS, TTL_MAX_MS));
        } else {
            boolean gone = answer.outcome() == Reply.Outcome.NONE;
            if (gone && state != State.UNKNOWN) {
                listener.lost();
            }
            become(gone || state == State.UNKNOWN ? State.UNKNOWN : State.STALE, answer.reason());
            askAgainIn(retryMs);
            retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
        }
        if (!asked) {
            asked = true;
            names.askedFirst();
        }
    }

    private void become(State next, String why) {
        boolean news = next != state || !asked && next == State.UNKNOWN;
        state = next;
        if (news) {
            listener.changed(state, why);
        }
    }

    private void askAgainIn(long ms) {
        ctx.timers.set(this, ctx.clock.nowNs() + ms * NS_PER_MS);
    }

    @Override
    protected void onDeadline(long nowNs) {
        ask();
    }

    void stop() {
        ctx.timers.clear(this);
        if (lookup != null) {
            lookup.cancel();
            lookup = null;
        }
    }
}
