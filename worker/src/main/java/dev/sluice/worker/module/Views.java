package dev.sluice.worker.module;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What hooks see of exchanges. An exchange gets the next one of a ring, so that a hook costs no
 * memory, and one that a module keeps shows nothing for the next {@link #COUNT} exchanges, and
 * after them nothing but what is lent to a hook in that very moment.
 *
 * <p>Owner: event loop.
 */
final class Views {

    static final int COUNT = 4096;

    final Thread loop = Thread.currentThread();
    private final ExchangeView[] ring = new ExchangeView[COUNT];
    private int next;
    private int slotCount;
    /** Not the scratch memory of the scope: a text under way there may name a module's variable. */
    private final ByteBuffer scratch = memory();
    private final ByteSink sink = new ByteSink();
    private boolean scratchUsed;

    /** Made on the thread of the loop. */
    Views() {
        // All is made when it is needed.
    }

    private static ByteBuffer memory() {
        return ByteBuffer.allocateDirect(WorkerScope.SCRATCH_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    int newSlot() {
        return slotCount++;
    }

    int slotCount() {
        return slotCount;
    }

    /** The view of this exchange, lent until {@link ExchangeView#takeBack}. */
    ExchangeView lend(Exchange x) {
        ExchangeView view = (ExchangeView) x.view;
        if (view == null) {
            view = ring[next];
            if (view == null || view.isLent()) {
                view = new ExchangeView(this);
                ring[next] = view;
            }
            next = (next + 1) % COUNT;
            x.view = view;
        }
        view.lend(x);
        return view;
    }

    /** An empty sink; one within another is rare and has memory of its own. */
    ByteSink openSink() {
        if (scratchUsed) {
            return new ByteSink().reset(memory(), 0, WorkerScope.SCRATCH_BYTES);
        }
        scratchUsed = true;
        return sink.reset(scratch, 0, WorkerScope.SCRATCH_BYTES);
    }

    void closeSink(ByteSink open) {
        if (open == sink) {
            scratchUsed = false;
        }
    }
}
