package dev.sluice.worker.module;

import dev.sluice.common.counters.Termination;
import dev.sluice.module.Hooks;
import dev.sluice.module.RequestBodyHook;
import dev.sluice.module.Verdict;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Responder;

/**
 * Waits for the whole body of a request, has a module decide about it, and keeps it for whoever
 * reads it next. Comes behind the {@link FilterGate} of its location.
 *
 * <p>Owner: event loop.
 */
final class WholeBodyGate extends HookGate {

    private static final int TOO_LARGE = 413;

    private final BodyMemory memory;
    private final int bytesMax;
    private final RequestBodyHook hook;

    WholeBodyGate(HookCalls calls, Guard guard, HookPlace place, BodyMemory memory, int bytesMax,
            RequestBodyHook hook) {
        super(calls, guard, place, null);
        this.memory = memory;
        this.bytesMax = bytesMax;
        this.hook = hook;
    }

    @Override
    public Outcome enter(Exchange x) {
        return guard.isOpen() ? carryOut(x, notCalled()) : new Gathering().read(x);
    }

    /** One body as far as it has come. */
    private final class Gathering implements Responder {

        private final BodyBuffer body = new BodyBuffer(bytesMax);

        Outcome read(Exchange x) {
            for (;;) {
                int count = x.client.readBody(memory.bytes(), memory.address(), 0,
                        BodyPipe.PIECE_BYTES);
                if (count == ClientStream.BODY_END) {
                    x.responder = Responder.NONE;
                    return decide(x);
                }
                if (count == ClientStream.BODY_ERROR) {
                    x.responder = Responder.NONE;
                    return Outcome.WAITING;
                }
                if (count == 0) {
                    x.state = ExchangeState.AT_GATE;
                    x.responder = this;
                    return Outcome.WAITING;
                }
                if (!body.fits(count)) {
                    x.responder = Responder.NONE;
                    x.terminate(Termination.CLIENT_BODY_TOO_LARGE);
                    Answers.status(x, TOO_LARGE);
                    return Outcome.ANSWERED;
                }
                body.append(memory.bytes().slice(0, count));
            }
        }

        private Outcome decide(Exchange x) {
            BodyBuffer output = new BodyBuffer(Hooks.WHOLE_BODY_BYTES_MAX);
            Verdict verdict = calls.askOfBody(x, hook, guard, place, body, output);
            FilteredClient.in(x).request().keep(output.isWritten() ? output : body);
            return carryOut(x, verdict);
        }

        @Override
        public void onRequestBodyReadable(Exchange x) {
            if (read(x) == Outcome.PASS) {
                x.state = ExchangeState.AT_GATE;
                x.router.onGatePassed(x);
            }
        }

        @Override
        public void onClientWritable(Exchange x) {
            // Nothing is written at a gate.
        }

        @Override
        public void onClientGone(Exchange x) {
            // Nothing is held.
        }
    }
}
