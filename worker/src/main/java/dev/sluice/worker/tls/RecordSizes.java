package dev.sluice.worker.tls;

import dev.sluice.common.clock.Clock;

/**
 * How much of an answer goes into the next record of a connection. A record can be read when all
 * of it has come, and at the beginning of a connection little is under way at a time; later large
 * records cost less:
 *
 * <pre>
 *   40 records of one segment ──► 40 of three ──► full ones
 *          ▲                                         │
 *          └─────────── a second of silence ─────────┘
 * </pre>
 *
 * <p>Owner: event loop; one for each connection.
 */
final class RecordSizes {

    /** What fits a segment of 1500 bytes with the headers of IPv4 or IPv6, TCP and TLS. */
    static final int SMALL_BYTES = 1369;
    /** Three segments. */
    static final int MIDDLE_BYTES = 4229;
    static final int FULL_BYTES = 16 * 1024;

    static final int RECORDS_OF_A_SIZE = 40;
    private static final long SILENCE_NS = 1_000_000_000L;

    private final Clock clock;
    private int count;
    private long lastNs;

    RecordSizes(Clock clock) {
        this.clock = clock;
    }

    /** Of plain bytes, at most; called once for each record. */
    int next() {
        long nowNs = clock.nowNs();
        if (nowNs - lastNs > SILENCE_NS) {
            count = 0;
        }
        lastNs = nowNs;
        if (count >= 2 * RECORDS_OF_A_SIZE) {
            return FULL_BYTES;
        }
        return count++ < RECORDS_OF_A_SIZE ? SMALL_BYTES : MIDDLE_BYTES;
    }
}
