package dev.sluice.worker.boot;

/**
 * Tells when the warm-up no longer gets faster: most of what it runs is compiled then. It goes by
 * the time that equal numbers of answers take, and by the best of these times: another process that
 * takes the processor away makes some of them longer, none shorter.
 *
 * <p>Owner: event loop.
 */
final class Levelling {

    /** Answers that are timed together. */
    static final int WINDOW_ANSWERS = 200;
    /** As many windows without a better one end it. */
    static final int WINDOWS_WITHOUT_GAIN = 10;
    /** A better one is shorter by at least the twentieth part. */
    private static final int GAIN_PART = 20;

    private long windowStartNs;
    private int nextCount = WINDOW_ANSWERS;
    private long bestNs = Long.MAX_VALUE;
    private int withoutGain;

    Levelling(long nowNs) {
        windowStartNs = nowNs;
    }

    /** @param answerCount all answers so far */
    boolean isLevel(long nowNs, int answerCount) {
        // A time of 0 is none: the clock has not been read anew.
        if (answerCount < nextCount || nowNs == windowStartNs) {
            return false;
        }
        long tookNs = (nowNs - windowStartNs) * WINDOW_ANSWERS
                / (answerCount - nextCount + WINDOW_ANSWERS);
        windowStartNs = nowNs;
        nextCount = answerCount + WINDOW_ANSWERS;
        if (tookNs < bestNs - bestNs / GAIN_PART) {
            // Only a gain replaces the best, so that many small ones add up to one.
            bestNs = tookNs;
            withoutGain = 0;
        } else {
            withoutGain++;
        }
        return withoutGain >= WINDOWS_WITHOUT_GAIN;
    }
}
