package dev.sluice.worker.module;

import dev.sluice.module.Verdict;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The body of a request, through the hooks of modules or as one of them wants it.
 *
 * <p>Owner: event loop. One for an exchange.
 */
final class RequestFilter {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Exchange x;
    private final ClientStream inner;
    private final BodyMemory memory;
    private final Consumer<Verdict> giveUp;
    /** Null for no hooks. */
    private BodyPipe pipe;
    private boolean endPushed;
    /** The whole body, when somebody has asked for it; what has been taken is gone. */
    private BodyBuffer whole;

    RequestFilter(Exchange x, ClientStream inner, BodyMemory memory, BodyPipe pipe,
            Consumer<Verdict> giveUp) {
        this.x = x;
        this.inner = inner;
        this.memory = memory;
        this.pipe = inner.requestContentLength() == 0 ? null : pipe;
        this.giveUp = giveUp;
    }

    /** This is the body from now on, whatever there was. */
    void keep(BodyBuffer body) {
        whole = body;
    }

    /** An answer comes in the place of what the hooks would have made of it. */
    void leave() {
        pipe = null;
        whole = null;
    }

    /** Both sides speak another protocol. */
    void startTunnel() {
        pipe = null;
        whole = null;
    }

    long contentLength() {
        return whole != null ? whole.length() : pipe != null ? -1 : inner.requestContentLength();
    }

    boolean pending() {
        return whole != null ? !whole.isEmpty()
                : pipe == null ? inner.bodyPending() : !endPushed || !pipe.output().isEmpty();
    }

    void discard() {
        if (whole != null) {
            whole.clear();
        }
        inner.discardBody();
    }

    /** As {@link ClientStream#readBody}. */
    int read(ByteBuffer into, long address, int from, int limit) {
        if (whole != null) {
            return whole.isEmpty() ? ClientStream.BODY_END : take(whole, into, from, limit);
        }
        if (pipe == null) {
            return inner.readBody(into, address, from, limit);
        }
        while (pipe.output().isEmpty()) {
            if (endPushed) {
                return ClientStream.BODY_END;
            }
            int count = inner.readBody(memory.bytes(), memory.address(), 0,
                    BodyPipe.PIECE_BYTES);
            if (count == 0 || count == ClientStream.BODY_ERROR) {
                return count;
            }
            endPushed = count == ClientStream.BODY_END;
            ByteBuffer piece = endPushed ? NOTHING
                    : memory.bytes().slice(0, count).asReadOnlyBuffer();
            if (!pipe.push(x, piece, endPushed)) {
                giveUp.accept(pipe.failure());
                return ClientStream.BODY_ERROR;
            }
        }
        return take(pipe.output(), into, from, limit);
    }

    private static int take(BodyBuffer source, ByteBuffer into, int from, int limit) {
        int count = Math.min(limit - from, source.length());
        into.put(from, source.array(), source.from(), count);
        source.took(count);
        return count;
    }
}
