package dev.sluice.worker.module;

import dev.sluice.module.BlockingHook;
import dev.sluice.module.RequestCopy;
import dev.sluice.module.Verdict;
import dev.sluice.worker.exchange.Exchange;
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
            Running running) {
        super(calls, guard, place, null);
        this.blocking = blocking;
        this.running = running;
    }

    @Override
    public Outcome enter(Exchange x) {
        if (guard.isOpen()) {
            return notCalled(x);
        }
        if (running.count >= guard.module().maxConcurrent()) {
            return carryOut(x, guard.failed(place, null,
                    running.count + " of its hooks run already (max_concurrent)"));
        }
        running.count++;
        RequestCopy copy = calls.copy(x);
        long timeoutMs = guard.module().timeoutMs();
        new Call(new Waiting(x, timeoutMs), copy).start();
        return Outcome.WAITING;
    }

    /** One call, from its thread back to the loop. */
    private final class Call {
        private final Waiting waiting;
        private final RequestCopy copy;

        Call(Waiting waiting, RequestCopy copy) {
            this.waiting = waiting;
            this.copy = copy;
        }

        void start() {
            Thread thread = Thread.ofVirtual().name(place.toString()).unstarted(this::run);
            waiting.interruptWhenLate(thread);
            thread.start();
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
                waiting.done(x -> said, wrong);
            });
        }
    }
}
