package dev.sluice.worker.module;

import dev.sluice.module.BlockingHook;
import dev.sluice.module.RequestCopy;
import dev.sluice.module.RequestHook;
import dev.sluice.module.Verdict;
import dev.sluice.worker.exchange.Exchange;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * A module's blocking hook as a gate of a location: it runs on a virtual thread of its own.
 *
 * <p>Owner: event loop.
 */
final class BlockingGate extends HookGate {

    private final BlockingHook blocking;
    private final Running running;

    /** How many blocking hooks of a module run; shared by all its gates. Owner: event loop. */
    static final class Running {
        private int count;
    }

    BlockingGate(HookCalls calls, Guard guard, HookPlace place, BlockingHook blocking,
            Running running, boolean mayPeek) {
        super(calls, guard, place, null, mayPeek);
        this.blocking = blocking;
        this.running = running;
    }

    @Override
    Verdict verdict(Exchange x) {
        if (guard.isOpen()) {
            return notCalled();
        }
        if (running.count >= guard.module().maxConcurrent()) {
            return guard.failed(place, null,
                    running.count + " of its hooks run already (max_concurrent)");
        }
        running.count++;
        // Its time is not that of the loop.
        place.begin();
        Decision decision = new Decision(calls.copy(x));
        decision.start();
        return new Verdict.Suspend(decision, Duration.ofMillis(guard.module().timeoutMs()));
    }

    /** One call, from its thread back to the loop, where it is completed. */
    final class Decision extends CompletableFuture<RequestHook> {
        private final RequestCopy copy;
        private final Thread thread;

        Decision(RequestCopy copy) {
            this.copy = copy;
            this.thread = Thread.ofVirtual().name(place.toString()).unstarted(this::run);
        }

        void start() {
            thread.start();
        }

        void interrupt() {
            thread.interrupt();
        }

        private void run() {
            Verdict verdict = null;
            Throwable failure = null;
            try {
                verdict = blocking.onRequest(copy);
                if (verdict == null || verdict instanceof Verdict.Suspend) {
                    failure = new IllegalArgumentException("a blocking hook answers " + verdict);
                }
            } catch (InterruptedException late) {
                failure = new TimeoutException("interrupted after its time");
            } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
                failure = e;
            }
            Verdict said = verdict;
            Throwable wrong = failure;
            calls.loop.execute(() -> {
                running.count--;
                if (wrong != null) {
                    completeExceptionally(wrong);
                } else {
                    complete(x -> said);
                }
            });
        }
    }
}
