package dev.sluice.modules.otel;

/**
 * Which new traces are recorded: decided by the trace's own number, so that everybody who samples
 * at the same rate takes the same ones (W3C Trace Context level 2, section 2.2.4). Immutable.
 */
final class Sampling {

    /** Of the number, the random part. */
    private static final int RANDOM_DIGITS = 14;
    private static final long RANDOM_END = 1L << 56;

    private final long below;

    /** @param oneOf of so many traces one is recorded */
    Sampling(int oneOf) {
        below = RANDOM_END / oneOf;
    }

    boolean takes(String traceId) {
        return Long.parseLong(traceId, traceId.length() - RANDOM_DIGITS, traceId.length(), 16)
                < below;
    }
}
