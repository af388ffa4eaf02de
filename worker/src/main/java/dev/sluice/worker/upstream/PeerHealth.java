package dev.sluice.worker.upstream;

/**
 * What the fate of requests says about a peer (passive checking).
 *
 * <pre>
 *        max_fails failures within fail_timeout
 *   UP ──────────────────────────────────────────► DOWN
 *    ▲                                             ▲  │ fail_timeout has passed: one request
 *    │                      failed or given up     │  ▼ goes there
 *    └────────────────────────────────────────── PROBING
 *                  answered
 * </pre>
 *
 * The last peer that can be used is never taken DOWN: a bad answer is worth more than none.
 *
 * <p>Owner: event loop.
 */
final class PeerHealth {

    /** What is believed of the peer. */
    enum State {
        /** Requests go there. */
        UP,
        /** No request goes there until the time is over. */
        DOWN,
        /** The time is over and one request has been sent to find out. */
        PROBING
    }

    private final int maxFails;
    private final long failTimeoutNs;
    private State state = State.UP;
    private int failCount;
    private long firstFailNs;
    private long downUntilNs;

    /** @param maxFails 0 for a peer that is never taken down */
    PeerHealth(int maxFails, long failTimeoutNs) {
        this.maxFails = maxFails;
        this.failTimeoutNs = failTimeoutNs;
    }

    State state() {
        return state;
    }

    boolean usable(long nowNs) {
        return switch (state) {
            case UP -> true;
            case DOWN -> nowNs - downUntilNs >= 0;
            case PROBING -> false;
        };
    }

    /** A request goes to this peer. */
    void chosen(long nowNs) {
        assert usable(nowNs);
        if (state == State.DOWN) {
            state = State.PROBING;
        }
    }

    /** The peer has answered a request well. */
    void succeeded() {
        if (state == State.PROBING) {
            state = State.UP;
            failCount = 0;
        }
    }

    /**
     * A request to this peer has failed.
     *
     * @param isLast no other peer could take its place
     * @return true when the peer is taken down by this
     */
    boolean failed(long nowNs, boolean isLast) {
        if (state == State.DOWN || maxFails == 0) {
            return false;
        }
        if (state == State.PROBING) {
            return goDown(nowNs, isLast);
        }
        if (failCount == 0 || nowNs - firstFailNs >= failTimeoutNs) {
            failCount = 0;
            firstFailNs = nowNs;
        }
        failCount++;
        return failCount >= maxFails && goDown(nowNs, isLast);
    }

    private boolean goDown(long nowNs, boolean isLast) {
        if (isLast) {
            state = State.UP;
            return false;
        }
        state = State.DOWN;
        failCount = 0;
        downUntilNs = nowNs + failTimeoutNs;
        return true;
    }

    /** A request ended without telling anything of the peer: its client left, for example. */
    void abandoned(long nowNs) {
        if (state == State.PROBING) {
            state = State.DOWN;
            downUntilNs = nowNs;
        }
    }
}
