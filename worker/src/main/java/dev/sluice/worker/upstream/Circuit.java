package dev.sluice.worker.upstream;

import dev.sluice.common.zones.PeerTable;

/**
 * Whether an upstream as a whole is worth a request. Peers are set aside one by one, but never all
 * of them; an upstream whose last peers fail, too, is left alone by this. One word that all workers
 * share.
 *
 * <pre>
 *            that many failures, without a success between them
 *   CLOSED ─────────────────────────────────────────────────────► OPEN
 *     ▲                                                         ▲  │ its time is over: one request
 *     │                                 failed                  │  ▼ of one worker goes there
 *     └──────────────────────────────────────────────────── HALF_OPEN
 *                        answered
 *
 *   63            23 22                              2 1     0
 *   +---------------+---------------------------------+-------+
 *   | time in ms    | failures in a row, while CLOSED | state |
 *   +---------------+---------------------------------+-------+
 * </pre>
 *
 * The time is the end of OPEN or the begin of HALF_OPEN, of the monotonic clock, which is the same
 * for all processes. Any answer closes it and any failure opens it again, also of a request that
 * was under way before. A probe that tells nothing, as its client left or its worker died, is
 * followed by another one after the time of OPEN.
 *
 * <p>Owner: event loop; the word is shared.
 */
final class Circuit {

    /** What is believed of the upstream. */
    enum State {
        /** Requests go there. */
        CLOSED,
        /** No request goes there until the time is over. */
        OPEN,
        /** The time is over and one request has been sent to find out. */
        HALF_OPEN
    }

    private static final int FAILS_SHIFT = 2;
    private static final int FAILS_MASK = 0x1f_ffff;
    private static final int TIME_SHIFT = 23;
    private static final State[] STATES = State.values();

    private final PeerRow row;
    private final int failsMax;
    private final long openMs;

    Circuit(PeerRow row, int failsMax, long openMs) {
        assert failsMax <= FAILS_MASK;
        this.row = row;
        this.failsMax = failsMax;
        this.openMs = openMs;
    }

    private static long word(State state, int fails, long timeMs) {
        return timeMs << TIME_SHIFT | (long) fails << FAILS_SHIFT | state.ordinal();
    }

    private static State state(long word) {
        return STATES[(int) word & 3];
    }

    private static int fails(long word) {
        return (int) word >>> FAILS_SHIFT & FAILS_MASK;
    }

    private static long timeMs(long word) {
        return word >> TIME_SHIFT;
    }

    private boolean change(long from, long to) {
        return row.compareAndSet(PeerTable.HEALTH, from, to);
    }

    State state() {
        return state(row.get(PeerTable.HEALTH));
    }

    /** When the next request may go there; 0 while all may. */
    long opensAtMs() {
        long word = row.get(PeerTable.HEALTH);
        return switch (state(word)) {
            case CLOSED -> 0;
            case OPEN -> timeMs(word);
            case HALF_OPEN -> timeMs(word) + openMs;
        };
    }

    /** Whether a request would be sent there now. */
    boolean admits(long nowMs) {
        return nowMs >= opensAtMs();
    }

    /** A request is to go there. @return false when it must not; another may be the probe */
    boolean enter(long nowMs) {
        long word = row.get(PeerTable.HEALTH);
        if (state(word) == State.CLOSED) {
            return true;
        }
        return admits(nowMs) && change(word, word(State.HALF_OPEN, 0, nowMs));
    }

    /** A peer has answered well. @return whether the circuit was closed by that */
    boolean succeeded() {
        // Nearly always 0: reading a line of memory that nobody writes.
        long word = row.get(PeerTable.HEALTH);
        return word != 0 && change(word, 0) && state(word) != State.CLOSED;
    }

    /** An attempt has failed by a peer's fault. @return whether the circuit was opened by that */
    boolean failed(long nowMs) {
        for (;;) {
            long word = row.get(PeerTable.HEALTH);
            State state = state(word);
            if (state == State.OPEN) {
                return false;
            }
            int fails = fails(word) + 1;
            boolean opens = state == State.HALF_OPEN || fails >= failsMax;
            long next = opens ? word(State.OPEN, 0, nowMs + openMs) : word(State.CLOSED, fails, 0);
            if (change(word, next)) {
                return opens;
            }
        }
    }
}
