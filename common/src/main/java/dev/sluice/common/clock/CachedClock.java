package dev.sluice.common.clock;

/**
 * Time as of the beginning of the current turn of an event loop. Asking costs a field read; the
 * machine's clock is read once a turn by {@link #update()}.
 *
 * <p>Owner: event loop.
 */
public final class CachedClock implements Clock {

    private static final long NS_PER_MS = 1_000_000L;
    /** Wall time is derived from monotonic time and set right again this often. */
    private static final long RESYNC_NS = 250 * NS_PER_MS;

    private final Clock source;
    private long nowNs;
    private long wallBaseMs;
    private long wallBaseNs;

    public CachedClock(Clock source) {
        this.source = source;
        this.nowNs = source.nowNs();
        resync();
    }

    /** Reads the source: called when a turn of the loop begins. */
    public void update() {
        nowNs = source.nowNs();
        if (nowNs - wallBaseNs >= RESYNC_NS) {
            resync();
        }
    }

    private void resync() {
        wallBaseMs = source.nowMs();
        wallBaseNs = nowNs;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public long nowMs() {
        return wallBaseMs + (nowNs - wallBaseNs) / NS_PER_MS;
    }

    /** The time at this instant, not of the turn's beginning: for measuring the turn itself. */
    public long preciseNs() {
        return source.nowNs();
    }
}
