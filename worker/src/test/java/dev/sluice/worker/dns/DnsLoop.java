package dev.sluice.worker.dns;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.common.clock.SteppedClock;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.TurnEnd;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A loop whose clock is stepped. */
final class DnsLoop {

    private static final int TIMEOUT_S = 10;

    final SteppedClock clock = new SteppedClock(1_700_000_000_000L);
    final CounterWriter counters = CounterWriter.inMemory(1, 1);
    final EventLoop loop = new EventLoop("test-loop", clock, () -> { });
    final LoopContext ctx = new LoopContext(loop, new SlabPool(4), counters, ErrorLog.NONE, 0, 1);

    DnsLoop() {
        loop.start();
    }

    <T> T on(Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    void run(Runnable task) throws Exception {
        on(() -> {
            task.run();
            return null;
        });
    }

    /** Moves the clock and gives the loop a turn that fires what is due. */
    void step(long ms) throws Exception {
        clock.stepMs(ms);
        while (on(() -> ctx.clock.nowNs() != clock.nowNs())) {
            Thread.onSpinWait();
        }
        CompletableFuture<Void> ended = new CompletableFuture<>();
        run(() -> loop.atEndOfTurn(new TurnEnd() {
            @Override
            public void endOfTurn() {
                ended.complete(null);
            }

            @Override
            public boolean markQueued() {
                return true;
            }

            @Override
            public void clearQueued() {
                // Used once.
            }
        }));
        ended.get(TIMEOUT_S, TimeUnit.SECONDS);
    }

    void close() throws Exception {
        loop.stop();
        loop.join();
        assertNull(loop.failure());
    }
}
