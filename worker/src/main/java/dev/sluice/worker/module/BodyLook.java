package dev.sluice.worker.module;

import dev.sluice.module.Verdict;
import dev.sluice.worker.exchange.BodyPeek;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Gate.Outcome;
import dev.sluice.worker.exchange.Responder;
import java.nio.ByteBuffer;

/**
 * A request whose hook wants to see the beginning of its body before it decides.
 *
 * <p>Owner: event loop. One for a look.
 */
final class BodyLook implements Responder {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final HookGate gate;
    private final Verdict.Peek wanted;
    private final BodyPeek peek = new BodyPeek();
    /** Bytes that the hook has seen already. */
    private int seen;

    BodyLook(HookGate gate, Verdict.Peek wanted) {
        this.gate = gate;
        this.wanted = wanted;
    }

    Outcome look(Exchange x) {
        x.client.peekBody(peek, wanted.bytesMax());
        int count = Math.min(peek.to - peek.from, wanted.bytesMax());
        boolean complete = !peek.mayGrow || count == wanted.bytesMax();
        if (complete || count > seen) {
            seen = count;
            ByteBuffer bytes = peek.bytes == null ? NOTHING
                    : peek.bytes.slice(peek.from, count).asReadOnlyBuffer();
            Verdict verdict = gate.calls.askOfPeek(x, wanted.hook(), gate.guard, gate.place, bytes,
                    complete);
            if (verdict != null) {
                x.client.endPeek();
                x.responder = Responder.NONE;
                return gate.carryOut(x, verdict);
            }
        }
        x.state = ExchangeState.AT_GATE;
        x.responder = this;
        return Outcome.WAITING;
    }

    @Override
    public void onRequestBodyReadable(Exchange x) {
        if (look(x) == Outcome.PASS) {
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
