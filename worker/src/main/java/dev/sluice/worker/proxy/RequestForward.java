package dev.sluice.worker.proxy;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.SocketHandle;
import dev.sluice.worker.upstream.HeadTaker;
import dev.sluice.worker.upstream.PeerStream;
import java.nio.ByteBuffer;

/**
 * The request on its way to the peer: the head, and what the client has sent of the body already,
 * go out in one write; the rest follows one slab at a time. No more is read from the client than
 * has been taken by the peer: that is the back-pressure.
 *
 * <pre>
 *  0          sendFrom                          sendTo          LIMIT       Slab.BYTES
 *  | sent     | to be sent                      | free          | chunk end |
 *             first time: | head | size CRLF | data | CRLF |
 * </pre>
 *
 * A slab is held only while it has something in it. Of a request whose method may be repeated (RFC
 * 9110 §9.2.2), and whose body fits into the slab behind the head, all stays there until the answer
 * begins, unless more than half of all slabs are lent: another peer, or another connection, gets
 * the same bytes.
 *
 * <p>Owner: event loop.
 */
final class RequestForward {

    /** What {@link #pump} came to. */
    enum Step {
        /** Waits for the peer to take more. */
        STUCK,
        /** Waits for the client to send more. */
        NEEDS_BODY,
        /** The whole request has been taken by the kernel. */
        SENT,
        /** The connection is broken. */
        PEER_BROKEN,
        /** The client's body is malformed or cut; the stream deals with the client. */
        BODY_ERROR,
        /** No slab could be borrowed. */
        NO_MEMORY("no slab is free"),
        /** The head does not fit into a slab. */
        HEAD_TOO_LARGE("request head does not fit into a slab");

        private final String detail;

        Step() {
            this(null);
        }

        Step(String detail) {
            this.detail = detail;
        }

        /** For the error line, where the step is a failure on this side; else null. */
        String detail() {
            return detail;
        }
    }

    /** Four hexadecimal digits, which are enough for a slab, and CR LF. */
    private static final int SIZE_LINE_MAX = 6;
    /** CR LF after a chunk, and the last chunk. */
    private static final int CHUNK_END = 7;
    private static final int LIMIT = Slab.BYTES - CHUNK_END;
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};

    private final LoopContext ctx;
    private final HeadTaker taker;
    private final ByteSink sink = new ByteSink();
    private Exchange x;
    private ProxyHandler plan;
    private Slab slab;
    private int sendFrom;
    private int sendTo;
    private boolean chunked;
    /** Whether the peer speaks HTTP/2, and where the head ends that is not sent yet; else 0. */
    private boolean http2;
    private int headTo;
    private int headEnd;
    /** Everything of the body has been read from the client. */
    private boolean bodyRead;
    private boolean anythingSent;
    /** Body bytes have been read from the client. */
    private boolean bodyTaken;
    /** All that was read from the client is still in the slab, from its beginning on. */
    private boolean kept;
    private boolean stopped;
    private Step last = Step.NEEDS_BODY;

    /** @param taker of the answer's head where that comes in frames */
    RequestForward(LoopContext ctx, HeadTaker taker) {
        this.ctx = ctx;
        this.taker = taker;
    }

    void begin(Exchange exchange, ProxyHandler handler) {
        assert slab == null;
        x = exchange;
        plan = handler;
        sendFrom = 0;
        sendTo = 0;
        http2 = plan.transport.isHttp2();
        headTo = 0;
        chunked = !http2 && HeaderRewrite.hasBody(x) && x.client.requestContentLength() < 0;
        bodyRead = !HeaderRewrite.hasBody(x);
        if (http2 && !bodyRead) {
            x.client.wantTrailers();
        }
        anythingSent = false;
        bodyTaken = false;
        kept = false;
        stopped = false;
        last = Step.NEEDS_BODY;
    }

    /** What {@link RetryRule} has to know of the request. */
    int facts() {
        return (anythingSent ? RetryRule.REQUEST_SENT : 0)
                | (bodyGone() ? RetryRule.BODY_GONE : 0)
                | (Method.isIdempotent(HeaderRewrite.method(x)) ? RetryRule.IDEMPOTENT : 0);
    }

    /** Body bytes have been read from the client that are no longer here. */
    private boolean bodyGone() {
        return bodyTaken && anythingSent && !kept;
    }

    boolean isSent() {
        return last == Step.SENT;
    }

    boolean isStuck() {
        return last == Step.STUCK && !stopped;
    }

    boolean needsBody() {
        return last == Step.NEEDS_BODY && !stopped;
    }

    /** A new attempt: what has reached no peer yet is sent as it is, else it is made anew. */
    void restart() {
        assert !bodyGone() && !stopped;
        if (kept) {
            headTo = headEnd;
        } else if (anythingSent) {
            giveBack();
        }
        anythingSent = false;
        sendFrom = 0;
        last = Step.NEEDS_BODY;
    }

    /** Writes the head and the first part of the body, and sends what it can. */
    Step start(PeerStream to) {
        if (slab != null) {
            return pump(to);
        }
        slab = ctx.slabs.borrow();
        if (slab == null) {
            return Step.NO_MEMORY;
        }
        sink.reset(slab.bytes, 0, LIMIT);
        plan.headers.write(x, plan.target, sink);
        if (sink.overflowed()) {
            giveBack();
            return Step.HEAD_TOO_LARGE;
        }
        sendFrom = 0;
        sendTo = sink.position();
        headTo = http2 ? sendTo : 0;
        headEnd = headTo;
        kept = !bodyRead && x.client.requestContentLength() <= LIMIT - sendTo
                && Method.isIdempotent(HeaderRewrite.method(x))
                && 2 * ctx.slabs.available() >= ctx.slabs.slabsMax();
        if (!bodyRead && LIMIT - sendTo > SIZE_LINE_MAX && !fill()) {
            return last = Step.BODY_ERROR;
        }
        return pump(to);
    }

    /** Goes on as far as the peer and the client allow. */
    Step pump(PeerStream to) {
        if (stopped) {
            return last;
        }
        if (headTo > 0) {
            Step step = sendHead(to);
            if (step != null) {
                return last = step;
            }
        }
        for (;;) {
            if (sendFrom < sendTo) {
                if (!to.canWrite()) {
                    return last = Step.STUCK;
                }
                int count = to.write(slab, sendFrom, sendTo);
                if (count == SocketHandle.BROKEN) {
                    return last = Step.PEER_BROKEN;
                }
                sendFrom += count;
                anythingSent |= count > 0;
                x.passedOn |= count > 0;
                if (sendFrom < sendTo) {
                    return last = Step.STUCK;
                }
            }
            if (bodyRead) {
                if (http2 && !stopped) {
                    writeTrailers(to);
                }
                if (!kept) {
                    giveBack();
                }
                to.endRequest();
                to.allWritten();
                return last = Step.SENT;
            }
            Step refilled = refill();
            if (refilled != null) {
                to.allWritten();
                return last = refilled;
            }
        }
    }

    /** What follows the body, if there is memory for it. */
    private void writeTrailers(PeerStream to) {
        HeaderTable trailers = x.client.requestTrailers();
        if (trailers != null && (slab != null || (slab = ctx.slabs.borrow()) != null)) {
            kept = false;
            sink.reset(slab.bytes, 0, LIMIT);
            plan.headers.writeTrailers(x, trailers, sink);
            if (!sink.overflowed()) {
                to.requestTrailers(slab.bytes, sink.position());
            }
        }
    }

    /** The head goes apart from the body. @return null to go on */
    private Step sendHead(PeerStream to) {
        boolean ends = bodyRead && sendTo == headTo && x.client.requestTrailers() == null;
        boolean trailers = plan.grpc || HeaderRewrite.wantsTrailers(x);
        switch (to.sendHead(slab, headTo, ends, trailers, taker)) {
            case PeerStream.HEAD_SENT -> {
                sendFrom = headTo;
                headTo = 0;
                anythingSent = true;
                x.passedOn = true;
                return null;
            }
            case PeerStream.HEAD_WAITS -> {
                return Step.STUCK;
            }
            case PeerStream.HEAD_TOO_LARGE -> {
                return Step.HEAD_TOO_LARGE;
            }
            default -> {
                return Step.PEER_BROKEN;
            }
        }
    }

    /** @return null when there is more to send */
    private Step refill() {
        if (slab == null) {
            slab = ctx.slabs.borrow();
            if (slab == null) {
                return Step.NO_MEMORY;
            }
        }
        kept &= LIMIT - sendTo > SIZE_LINE_MAX;
        if (!kept) {
            sendFrom = 0;
            sendTo = 0;
        }
        int from = sendTo;
        if (!fill()) {
            return Step.BODY_ERROR;
        }
        if (sendTo == from && !bodyRead) {
            if (!kept) {
                giveBack();
            }
            return Step.NEEDS_BODY;
        }
        return null;
    }

    /** Reads body bytes behind {@code sendTo}. @return false when the client's body is broken */
    private boolean fill() {
        int dataFrom = sendTo + (chunked ? SIZE_LINE_MAX : 0);
        int dataTo = dataFrom;
        while (dataTo < LIMIT) {
            int count = x.client.readBody(slab.bytes, slab.address, dataTo, LIMIT);
            if (count == ClientStream.BODY_ERROR) {
                return false;
            }
            if (count == ClientStream.BODY_END) {
                bodyRead = true;
                break;
            }
            if (count == 0) {
                break;
            }
            dataTo += count;
            bodyTaken = true;
        }
        if (!chunked) {
            sendTo = dataTo;
            bodyRead |= !x.client.bodyPending();
        } else {
            frameChunk(dataFrom, dataTo - dataFrom);
        }
        return true;
    }

    /** Writes size line and end around the data, which moves down to where the line ends. */
    private void frameChunk(int dataFrom, int length) {
        ByteBuffer b = slab.bytes;
        sink.reset(b, sendTo, Slab.BYTES);
        if (length > 0) {
            sink.putHex(length).put(CRLF);
            sink.put(b, dataFrom, length).put(CRLF);
        }
        if (bodyRead) {
            sink.put(LAST_CHUNK);
        }
        assert !sink.overflowed();
        sendTo = sink.position();
    }

    /** The peer has answered 101: whatever the client sends from here on goes to it as it is. */
    private void startTunnel() {
        assert last == Step.SENT && !stopped;
        bodyRead = false;
        chunked = false;
        last = Step.NEEDS_BODY;
    }

    /**
     * The client has been given the head of the peer's response. An early refusal means that the
     * peer has no use for the rest of the request; other early answers may be streams that go both
     * ways.
     */
    void answered(int status, boolean tunnel) {
        if (!isSent() && status >= 300) {
            stop();
        } else if (isSent() && kept) {
            giveBack();
        }
        kept = false;
        if (tunnel) {
            startTunnel();
        }
    }

    /** The peer has answered and wants no more: what is left of the request stays unsent. */
    void stop() {
        if (!stopped && x.client.bodyPending()) {
            x.client.discardBody();
        }
        stopped = true;
        giveBack();
    }

    /** Lets go of everything; the object may be used again. */
    void end() {
        giveBack();
        x = null;
        plan = null;
    }

    private void giveBack() {
        if (slab != null) {
            ctx.slabs.giveBack(slab);
            slab = null;
            sendFrom = 0;
            sendTo = 0;
            headTo = 0;
            kept = false;
        }
    }
}
