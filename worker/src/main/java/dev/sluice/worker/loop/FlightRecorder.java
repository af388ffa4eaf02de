package dev.sluice.worker.loop;

import dev.sluice.common.clock.CachedClock;
import dev.sluice.common.flight.FlightWriter;
import dev.sluice.worker.arena.ByteSink;
import java.util.function.IntConsumer;

/**
 * The worker's flight recorder: where records are written, and when too many requests fail.
 *
 * <pre>
 *   CALM ──so many 5xx within 10 s──► BURST ──10 s with less than half of that──► CALM
 * </pre>
 *
 * <p>Owner: event loop.
 */
public final class FlightRecorder {

    static final long WINDOW_NS = 10_000_000_000L;

    public final FlightWriter records;
    /** For the texts of a record. */
    public final ByteSink sink = new ByteSink();
    private final CachedClock clock;
    private final int errorsMax;
    private final IntConsumer onBurst;
    private long windowNs;
    private int errors;
    private boolean inBurst;

    /**
     * @param errorsMax so many failures within 10 s are a burst; 0 for never
     * @param onBurst told once when a burst begins, with the number of failures
     */
    public FlightRecorder(FlightWriter records, CachedClock clock, int errorsMax,
            IntConsumer onBurst) {
        this.records = records;
        this.clock = clock;
        this.errorsMax = errorsMax;
        this.onBurst = onBurst;
        this.windowNs = clock.nowNs();
    }

    /** A request was answered with 5xx. */
    public void failed() {
        if (errorsMax == 0) {
            return;
        }
        long sinceNs = clock.nowNs() - windowNs;
        if (sinceNs >= WINDOW_NS) {
            // Without a failure for a whole window nobody came by to begin it.
            inBurst &= sinceNs < 2 * WINDOW_NS && errors >= (errorsMax + 1) / 2;
            windowNs = clock.nowNs();
            errors = 0;
        }
        if (++errors >= errorsMax && !inBurst) {
            inBurst = true;
            onBurst.accept(errors);
        }
    }
}
