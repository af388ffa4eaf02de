package dev.sluice.worker.http2;

/**
 * Counts what costs its sender next to nothing, by the minute: a peer that stays within the
 * limits cannot make this side work much harder than itself.
 *
 * <p>Owner: event loop.
 */
public final class FloodGuard {

    private static final long MINUTE_NS = 60_000_000_000L;
    /** Window updates that each frame of DATA is good for. */
    private static final int UPDATES_PER_FRAME = 10;
    private static final int CREDIT_MAX = 1 << 20;
    private static final int KINDS = Flood.values().length;

    private final int resetsMax;
    private final int controlFramesMax;
    private final int[] counts = new int[KINDS];
    private long minuteNs;
    private int updateCredit;

    /**
     * @param resetsMax of RESETS and of MISTAKES, each
     * @param controlFramesMax of the other kinds, each
     */
    public FloodGuard(int resetsMax, int controlFramesMax) {
        this.resetsMax = resetsMax;
        this.controlFramesMax = controlFramesMax;
    }

    public void reset(long nowNs) {
        begin(nowNs);
        updateCredit = 0;
    }

    private void begin(long nowNs) {
        minuteNs = nowNs;
        for (int i = 0; i < KINDS; i++) {
            counts[i] = 0;
        }
    }

    /** Counts one more. @return whether that is too many */
    public boolean isTooMuch(Flood kind, long nowNs) {
        if (nowNs - minuteNs >= MINUTE_NS) {
            begin(nowNs);
        }
        int most = kind == Flood.RESETS || kind == Flood.MISTAKES ? resetsMax : controlFramesMax;
        return ++counts[kind.ordinal()] > most;
    }

    /** A frame of DATA was sent: the client may say that it has read it. */
    public void dataSent() {
        updateCredit = Math.min(CREDIT_MAX, updateCredit + UPDATES_PER_FRAME);
    }

    /** A WINDOW_UPDATE came. @return whether that is too many */
    public boolean isUpdateTooMuch(long nowNs) {
        if (updateCredit > 0) {
            updateCredit--;
            return false;
        }
        return isTooMuch(Flood.WINDOW_UPDATES, nowNs);
    }
}
