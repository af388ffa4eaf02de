package dev.sluice.worker.upstream;

/**
 * What active checks say about a peer, as one word that all workers share and the one that makes
 * the checks writes.
 *
 * <pre>
 *   31                18 17                 2 1     0
 *   +-------------------+--------------------+-------+
 *   |                 0 | checks in a row    | state |
 *   +-------------------+--------------------+-------+
 *
 *              rise passed                fall failed
 *   UNKNOWN ──────────────► UP ──────────────────────────► DOWN
 *      │                     ▲                              │ ▲
 *      │                     └────────── rise passed ───────┘ │
 *      └──────────────────── fall failed ─────────────────────┘
 * </pre>
 *
 * Counted are the checks in a row that speak against the state, so that one that agrees with it
 * begins anew. In UNKNOWN good ones are counted above 0x8000 and bad ones below. Stateless.
 */
final class CheckWord {

    /** What is believed of the peer. */
    enum State {
        /** Not checked often enough yet: serves, unless that is mandatory. */
        UNKNOWN,
        UP,
        /** Gets no request. */
        DOWN
    }

    private static final State[] STATES = State.values();
    private static final int COUNT_SHIFT = 2;
    private static final int COUNT_MASK = 0xffff;
    /** In UNKNOWN: the checks counted have passed. */
    private static final int PASSED = 0x8000;

    private CheckWord() {
    }

    static State state(long word) {
        return STATES[(int) word & 3];
    }

    static boolean allows(long word, boolean mandatory) {
        return switch (state(word)) {
            case UNKNOWN -> !mandatory;
            case UP -> true;
            case DOWN -> false;
        };
    }

    private static long word(State state, int count) {
        return (long) count << COUNT_SHIFT | state.ordinal();
    }

    /** The word after one more check. */
    static long after(long word, boolean passed, int rise, int fall) {
        State state = state(word);
        int counted = (int) (word >>> COUNT_SHIFT) & COUNT_MASK;
        int flag = state == State.UNKNOWN && passed ? PASSED : 0;
        if (state == (passed ? State.UP : State.DOWN)) {
            return word(state, 0);
        }
        int count = 1 + ((counted & PASSED) == flag ? counted & ~PASSED : 0);
        if (count >= (passed ? rise : fall)) {
            return word(passed ? State.UP : State.DOWN, 0);
        }
        return word(state, count | flag);
    }
}
