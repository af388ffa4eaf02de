package dev.sluice.worker.upstream;

import dev.sluice.common.config.Http2PeerConfig;

/**
 * Whether a peer is alive while requests are with it: one that has said nothing for some time is
 * asked by PING (RFC 9113 §6.7).
 *
 * <p>Owner: event loop.
 */
final class Http2Liveness {

    /** What to do when the time has come. */
    enum Verdict { WAIT, ASK, DEAD }

    private static final long NS_PER_MS = 1_000_000L;
    /** How long a peer may take to answer. */
    private static final long ANSWER_NS = 10_000 * NS_PER_MS;

    /** 0 for never. */
    private final long pingNs;
    private long heardNs;
    private boolean asked;

    Http2Liveness(Http2PeerConfig config) {
        pingNs = config.pingMs() * NS_PER_MS;
    }

    /** Something has come. */
    void heard(long nowNs) {
        heardNs = nowNs;
        asked = false;
    }

    /** When to ask for a verdict next. */
    long nextNs(long nowNs) {
        return nowNs + (asked || pingNs == 0 ? ANSWER_NS : pingNs);
    }

    Verdict verdict(long nowNs) {
        if (asked) {
            return Verdict.DEAD;
        }
        asked = pingNs != 0 && nowNs - heardNs >= pingNs;
        return asked ? Verdict.ASK : Verdict.WAIT;
    }
}
