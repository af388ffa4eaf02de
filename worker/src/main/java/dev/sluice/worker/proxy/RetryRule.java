package dev.sluice.worker.proxy;

import dev.sluice.common.config.RetryConfig;
import dev.sluice.common.config.RetryConfig.RetryOn;
import dev.sluice.common.counters.Termination;

/**
 * May a failed attempt be made again with another peer? Only if the request cannot take effect
 * twice (RFC 9110 §9.2.2) and can be sent again at all; {@code proxy_next_upstream} narrows that
 * down.
 *
 * <p>Written at boot, then read-only.
 */
final class RetryRule {

    /** The head of a response has been passed on to the client. */
    static final int RESPONSE_BEGUN = 1;
    /** Bytes of the request have reached a peer. */
    static final int REQUEST_SENT = 2;
    /** The method may be repeated (RFC 9110 §9.2.2). */
    static final int IDEMPOTENT = 4;
    /** A part of the request body was read from the client and is no longer here. */
    static final int BODY_GONE = 8;
    /** An idle connection turned out to be closed: the peer has not failed. */
    static final int STALE = 16;
    /** The peer says that it has not looked at the request (RFC 9113 §8.7). */
    static final int UNTOUCHED = 32;

    private final boolean onError;
    private final boolean onTimeout;
    private final boolean on502;
    private final boolean on503;
    private final boolean on504;
    private final int triesMax;
    final int budgetPercent;

    RetryRule(RetryConfig config, int triesMax) {
        onError = config.on().contains(RetryOn.ERROR);
        onTimeout = config.on().contains(RetryOn.TIMEOUT);
        on502 = config.on().contains(RetryOn.HTTP_502);
        on503 = config.on().contains(RetryOn.HTTP_503);
        on504 = config.on().contains(RetryOn.HTTP_504);
        budgetPercent = config.budgetPercent();
        this.triesMax = Math.min(triesMax, config.tries());
    }

    /** Whether the request as it stands may be sent once more, peers and tries aside. */
    static boolean mayRepeat(int facts) {
        if ((facts & (RESPONSE_BEGUN | BODY_GONE)) != 0) {
            return false;
        }
        return (facts & REQUEST_SENT) == 0 || (facts & (IDEMPOTENT | UNTOUCHED)) != 0;
    }

    /** @param tries attempts made so far, those on stale connections not counted */
    boolean mayRetry(Termination why, int facts, int tries) {
        if (!mayRepeat(facts)) {
            return false;
        }
        return (facts & STALE) != 0 || tries < triesMax && isOn(why);
    }

    private boolean isOn(Termination why) {
        return switch (why) {
            case UPSTREAM_REFUSED, UPSTREAM_UNREACHABLE, UPSTREAM_TLS_FAILED,
                    UPSTREAM_TLS_UNTRUSTED, UPSTREAM_RESET_BEFORE_HEAD,
                    UPSTREAM_CLOSED_BEFORE_HEAD, UPSTREAM_BAD_HEAD, UPSTREAM_HEAD_TOO_LARGE,
                    UPSTREAM_ENDLESS_INTERIMS, UPSTREAM_REFUSED_STREAM, UPSTREAM_GOAWAY,
                    UPSTREAM_STREAM_RESET, UPSTREAM_PROTOCOL_ERROR -> onError;
            case UPSTREAM_CONNECT_TIMEOUT, UPSTREAM_SEND_TIMEOUT, UPSTREAM_READ_TIMEOUT,
                    UPSTREAM_HEAD_TIMEOUT -> onTimeout;
            default -> false;
        };
    }

    /** Whether this status of a peer counts as its failure. */
    boolean isFailure(int status) {
        return switch (status) {
            case 502 -> on502;
            case 503 -> on503;
            case 504 -> on504;
            default -> false;
        };
    }

    /** Whether a response with a status that {@link #isFailure} is dropped for another attempt. */
    boolean mayRetryStatus(int facts, int tries) {
        return mayRepeat(facts) && tries < triesMax;
    }
}
