package dev.sluice.worker.access;

import dev.sluice.common.log.Level;

/**
 * Why a request may not come.
 *
 * @param status of the answer: 401, 403, or what went wrong while it was found out
 * @param challenge value of WWW-Authenticate (RFC 9110 §11.6.1) for a 401, else null
 * @param level of the line in the error log; null when there is none
 * @param what the line
 * @param cause its second half, or null
 */
record Denial(int status, byte[] challenge, Level level, String what, String cause)
        implements Verdict {

    static final int UNAUTHORIZED = 401;

    static Denial of(int status, Level level, String what) {
        return new Denial(status, null, level, what, null);
    }

    /** The same with another level. */
    Denial at(Level other) {
        return other == level ? this : new Denial(status, challenge, other, what, cause);
    }

    /** Whether another check could still let the request in. */
    boolean isRefusal() {
        return status == UNAUTHORIZED || status == 403;
    }
}
