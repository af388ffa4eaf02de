package dev.sluice.worker.upstream;

import dev.sluice.common.zones.PeerTable;

/**
 * What the fate of requests says about a peer (passive checking). One word that all workers share:
 * what one finds out helps the others and the next generation.
 *
 * <pre>
 *        max_fails failures within fail_timeout
 *   UP ──────────────────────────────────────────► DOWN
 *    ▲                                             ▲  │ its time is over: one request of one
 *    │                      failed or given up     │  ▼ worker goes there
 *    └────────────────────────────────────────── PROBING
 *                  answered
 *
 *   63            23 22                  6 5            2 1     0
 *   +---------------+---------------------+--------------+-------+
 *   | time in ms    | failures, while UP  | ejections    | state |
 *   +---------------+---------------------+--------------+-------+
 * </pre>
 *
 * The time is that of the first failure, the end of DOWN or the begin of PROBING, of the monotonic
 * clock, which is the same for all processes. A peer that is ejected again rests for longer:
 * fail_timeout times the number of ejections, ten at most; one that has served for longer than it
 * rested begins at one. A probe that is older than fail_timeout is nobody's any more.
 *
 * <p>Owner: event loop; the word is shared.
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

    static final int EJECTIONS_MAX = 10;
    private static final int EJECTIONS_SHIFT = 2;
    private static final int FAILS_SHIFT = 6;
    private static final int FAILS_MASK = 0x1ffff;
    private static final int TIME_SHIFT = 23;
    private static final State[] STATES = State.values();

    private final PeerRow row;
    private final int maxFails;
    private final long failTimeoutMs;

    /** @param maxFails 0 for a peer that is never taken down */
    PeerHealth(PeerRow row, int maxFails, long failTimeoutMs) {
        assert maxFails <= FAILS_MASK;
        this.row = row;
        this.maxFails = maxFails;
        this.failTimeoutMs = failTimeoutMs;
    }

    private static long word(State state, int ejections, int fails, long timeMs) {
        return timeMs << TIME_SHIFT | (long) fails << FAILS_SHIFT
                | ejections << EJECTIONS_SHIFT | state.ordinal();
    }

    private static State state(long word) {
        return STATES[(int) word & 3];
    }

    private static int ejections(long word) {
        return (int) word >>> EJECTIONS_SHIFT & 15;
    }

    private static int fails(long word) {
        return (int) (word >>> FAILS_SHIFT) & FAILS_MASK;
    }

    private static long timeMs(long word) {
        return word >> TIME_SHIFT;
    }

    State state() {
        return state(row.get(PeerTable.HEALTH));
    }

    private boolean change(long from, long to) {
        return row.compareAndSet(PeerTable.HEALTH, from, to);
    }

    boolean usable(long nowMs) {
        long word = row.get(PeerTable.HEALTH);
        return switch (state(word)) {
            case UP -> true;
            case DOWN -> nowMs >= timeMs(word);
            case PROBING -> nowMs - timeMs(word) >= failTimeoutMs;
        };
    }

    /** When it is usable again; in the past when it is. */
    long usableAtMs() {
        long word = row.get(PeerTable.HEALTH);
        return switch (state(word)) {
            case UP -> 0;
            case DOWN -> timeMs(word);
            case PROBING -> timeMs(word) + failTimeoutMs;
        };
    }

    /** What {@link #chosen} came to. */
    enum Choice {
        /** Another worker has sent its probe first. */
        TOO_LATE,
        GO,
        /** The request is the probe: {@link #abandoned} when it ends. */
        GO_AS_PROBE
    }

    /** A request is to go to this peer. */
    Choice chosen(long nowMs) {
        long word = row.get(PeerTable.HEALTH);
        if (state(word) == State.UP) {
            return Choice.GO;
        }
        boolean won = usable(nowMs) && change(word, word(State.PROBING, ejections(word), 0, nowMs));
        return won ? Choice.GO_AS_PROBE : Choice.TOO_LATE;
    }

    /** The peer has answered a request well. @return whether it came back by that */
    boolean succeeded(long nowMs) {
        long word = row.get(PeerTable.HEALTH);
        if (state(word) != State.PROBING || !change(word, word(State.UP, ejections(word), 0, 0))) {
            return false;
        }
        row.set(PeerTable.UP_SINCE_MS, nowMs);
        return true;
    }

    /**
     * A request to this peer has failed.
     *
     * @param mayEject whether the others can do without it
     * @return true when the peer is taken down by this
     */
    boolean failed(long nowMs, boolean mayEject) {
        for (;;) {
            long word = row.get(PeerTable.HEALTH);
            State state = state(word);
            if (state == State.DOWN || maxFails == 0) {
                return false;
            }
            boolean first = fails(word) == 0 || nowMs - timeMs(word) >= failTimeoutMs;
            int fails = first ? 1 : fails(word) + 1;
            boolean due = state == State.PROBING || fails >= maxFails;
            long next;
            if (!due) {
                next = word(State.UP, ejections(word), fails, first ? nowMs : timeMs(word));
            } else if (mayEject) {
                int ejections = nextEjection(word, nowMs);
                next = word(State.DOWN, ejections, 0, nowMs + ejections * failTimeoutMs);
            } else if (state == State.PROBING) {
                next = word(State.UP, ejections(word), 0, 0);
            } else {
                // One more failure, as soon as there is another peer, is enough.
                next = word(State.UP, ejections(word), maxFails - 1,
                        first ? nowMs : timeMs(word));
            }
            if (change(word, next)) {
                return due && mayEject;
            }
        }
    }

    private int nextEjection(long word, long nowMs) {
        int before = ejections(word);
        boolean served = state(word) == State.UP
                && nowMs - row.get(PeerTable.UP_SINCE_MS) > before * failTimeoutMs;
        return served ? 1 : Math.min(before + 1, EJECTIONS_MAX);
    }

    /** Takes an ejection back: other workers have ejected at the same time. */
    void backUp() {
        long word = row.get(PeerTable.HEALTH);
        if (state(word) == State.DOWN) {
            change(word, word(State.UP, ejections(word), 0, 0));
        }
    }

    /** The probe ended, perhaps without telling anything of the peer: its client left. */
    void abandoned(long nowMs) {
        long word = row.get(PeerTable.HEALTH);
        if (state(word) == State.PROBING) {
            change(word, word(State.DOWN, ejections(word), 0, nowMs));
        }
    }
}
