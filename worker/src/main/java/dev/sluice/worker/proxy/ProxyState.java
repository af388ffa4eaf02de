package dev.sluice.worker.proxy;

/**
 * One request on its way to a peer and back.
 *
 * <pre>
 *               QUEUED
 *       all busy ▲  │ a place is free
 *                │  ▼
 *        handle            no idle connection
 *   FREE ──────► SELECTING ───────────────────► CONNECTING
 *    ▲            │  ▲  ▲                        │     │
 *    │       idle │  │  └───────failed: retry────┘     │ connected
 *    │ connection │  │ failed: retry                   │
 *    │            ▼  │                                 │
 *    │           FORWARDING ◄──────────────────────────┘
 *    │            │      │ response read whole, its last piece still lent to the client
 *    │            │      ▼
 *    │            │   LENDING
 *    └────────────┴──────┘
 *       ended, given up, or client gone: from every state
 * </pre>
 */
enum ProxyState {
    /** Rests in the pool. */
    FREE,
    /** No peer is chosen. */
    SELECTING,
    /** In the queue of the upstream, because all its peers are at max_conns. */
    QUEUED,
    /** A connection is being made. */
    CONNECTING,
    /** A connection is in use. */
    FORWARDING,
    /** The peer's part is over; memory is lent to the client's stream. */
    LENDING;

    /** The next state, which the diagram must have an arrow to. */
    ProxyState to(ProxyState next) {
        assert mayBecome(next) : this + " to " + next;
        return next;
    }

    /** Whether the diagram has this arrow. */
    boolean mayBecome(ProxyState next) {
        return switch (this) {
            case FREE -> next == SELECTING;
            case SELECTING -> next != LENDING && next != SELECTING;
            case QUEUED -> next == SELECTING || next == FREE;
            case CONNECTING -> next == SELECTING || next == FORWARDING || next == FREE;
            case FORWARDING -> next == SELECTING || next == LENDING || next == FREE;
            case LENDING -> next == FREE;
        };
    }
}
