package dev.sluice.worker.access;

import dev.sluice.common.log.Level;
import dev.sluice.worker.exchange.Exchange;

/**
 * Why a request may not come.
 *
 * @param status of the answer: 401, 403, or what went wrong while it was found out
 * @param challenge value of WWW-Authenticate (RFC 9110 §11.6.1) for a 401, else null
 * @param level of the line in the error log; null when there is none
 * @param what the line
 * @param answer null for the plain answer with the status
 */
public record Denial(int status, byte[] challenge, Level level, String what, Answer answer)
        implements AccessVerdict {

    static final int UNAUTHORIZED = 401;

    /** Answers in the place of a plain status. */
    public interface Answer {
        void give(Exchange x);
    }

    static Denial of(int status, Level level, String what) {
        return new Denial(status, null, level, what, null);
    }

    /** Nothing is logged. @param status 401 or 403 when another check may overrule it */
    public static Denial of(int status, Answer answer) {
        return new Denial(status, null, null, null, answer);
    }

    /** Whether another check could still let the request in. */
    boolean isRefusal() {
        return status == UNAUTHORIZED || status == 403;
    }
}
