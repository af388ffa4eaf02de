package dev.sluice.worker.loop;

import dev.sluice.common.clock.CachedClock;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.arena.SlabPool;
import java.util.function.Consumer;

/**
 * What one event loop owns and everything on it may use.
 *
 * <p>Built at boot, then read-only but for a count; the parts belong to the event loop.
 */
public final class LoopContext {

    public final EventLoop loop;
    public final SlabPool slabs;
    public final CachedClock clock;
    public final TimerWheel timers;
    public final CounterWriter counters;
    public final ErrorLog log;
    /** Slot of this worker, from 0; {@code $worker} in log formats. */
    public final int slot;
    /** Generation of the configuration; {@code $generation} in log formats. */
    public final long generation;
    /** Null without one. Set at boot. */
    public FlightRecorder flight;
    /** Given each exchange of a client that ends, while its heads are there; null for nobody. */
    public Consumer<Object> exchangeEnds;
    /** Owner: event loop. */
    private long bodySerials;

    public LoopContext(EventLoop loop, SlabPool slabs, CounterWriter counters, ErrorLog log,
            int slot, long generation) {
        this.loop = loop;
        this.slabs = slabs;
        this.clock = loop.clock();
        this.timers = loop.timers();
        this.counters = counters;
        this.log = log;
        this.slot = slot;
        this.generation = generation;
    }

    /** A number for a body that will be given again, as no other one of this worker has it. */
    public long nextBodySerial() {
        return ++bodySerials;
    }
}
