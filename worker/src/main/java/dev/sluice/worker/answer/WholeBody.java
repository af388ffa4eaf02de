package dev.sluice.worker.answer;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Responder;
import java.nio.ByteBuffer;

/**
 * Sends a body that is there as a whole. It nearly always fits into the stream at once; what does
 * not is kept in {@link Exchange#handlerState} and follows when the client has taken the rest.
 * Stateless.
 */
public final class WholeBody implements Responder {

    private static final WholeBody INSTANCE = new WholeBody();

    /** What is left to send. Owner: event loop. */
    private static final class Rest {
        private final ByteBuffer bytes;
        private int at;
        private final int end;

        Rest(ByteBuffer bytes, int at, int end) {
            this.bytes = bytes;
            this.at = at;
            this.end = end;
        }
    }

    private WholeBody() {}

    /**
     * Sends the body behind a head that has been ended, and ends the response.
     *
     * @param immutable whether the bytes stay as they are for ever; if not, they are lent until
     *     return
     */
    public static void send(Exchange x, ByteBuffer body, int offset, int length,
            boolean immutable) {
        int taken = length == 0 ? 0 : x.client.writeCopy(body, offset, length);
        if (taken == length) {
            x.client.endResponse();
            return;
        }
        int left = length - taken;
        if (immutable) {
            x.handlerState = new Rest(body, offset + taken, offset + length);
        } else {
            ByteBuffer copy = ByteBuffer.allocate(left);
            copy.put(0, body, offset + taken, left);
            x.handlerState = new Rest(copy, 0, left);
        }
        x.responder = INSTANCE;
    }

    @Override
    public void onRequestBodyReadable(Exchange x) {
        // The stream discards what nobody reads.
    }

    @Override
    public void onClientWritable(Exchange x) {
        Rest rest = (Rest) x.handlerState;
        rest.at += x.client.writeCopy(rest.bytes, rest.at, rest.end - rest.at);
        if (rest.at == rest.end) {
            x.handlerState = null;
            x.responder = Responder.NONE;
            x.client.endResponse();
        }
    }

    @Override
    public void onClientGone(Exchange x) {
        x.handlerState = null;
    }
}
