package dev.sluice.worker.sep;

import dev.sluice.worker.exchange.BodyPeek;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.sep.RootScanner.Result;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * {@code sep_root}: waits for the beginning of a body of application/sep+xml and finds the name of
 * its root element, for the limits, rules and logs behind it. Any request passes; one that has no
 * such body at once.
 *
 * <p>Owner: event loop.
 */
public final class RootGate implements Gate {

    private static final byte[] SEP_XML =
            "application/sep+xml".getBytes(StandardCharsets.US_ASCII);

    private final RootScanner scanner = new RootScanner();
    private final BodyPeek peek = new BodyPeek();

    @Override
    public Outcome enter(Exchange x) {
        if (x.isRootKnown() || !isSep(x.request.headers) || look(x)) {
            return Outcome.PASS;
        }
        x.state = ExchangeState.AT_GATE;
        // The body is late: that is rare, and costs an object.
        x.responder = new Waiting();
        return Outcome.WAITING;
    }

    private static boolean isSep(HeaderTable headers) {
        int i = headers.find(HeaderName.CONTENT_TYPE);
        if (i < 0) {
            return false;
        }
        ByteBuffer b = headers.buffer();
        int from = headers.valueOffset(i);
        int length = headers.valueLength(i);
        if (length < SEP_XML.length
                || !AsciiBytes.equalsIgnoreCase(b, from, SEP_XML.length, SEP_XML)) {
            return false;
        }
        byte next = length == SEP_XML.length ? (byte) ';' : b.get(from + SEP_XML.length);
        return next == ';' || next == ' ' || next == '\t';
    }

    /** @return whether it is known now what there is */
    private boolean look(Exchange x) {
        x.client.peekBody(peek, RootScanner.PROLOG_MAX);
        scanner.reset();
        // A later piece means looking at the first ones again: they are few bytes and hot.
        Result result = scanner.scan(peek.bytes, peek.from, peek.to);
        if (result == Result.NEED_MORE && peek.mayGrow) {
            return false;
        }
        x.client.endPeek();
        x.keepRoot(scanner.name(), result == Result.FOUND ? scanner.nameLength() : 0);
        return true;
    }

    /** A request whose body has not come far enough. */
    private final class Waiting implements Responder {

        @Override
        public void onRequestBodyReadable(Exchange x) {
            if (look(x)) {
                x.responder = Responder.NONE;
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
