package dev.sluice.common.clock;

/** The machine's clock. Stateless. */
public final class SystemClock implements Clock {

    public static final SystemClock INSTANCE = new SystemClock();

    private SystemClock() {
    }

    @Override
    public long nowNs() {
        return System.nanoTime();
    }

    @Override
    public long nowMs() {
        return System.currentTimeMillis();
    }
}
