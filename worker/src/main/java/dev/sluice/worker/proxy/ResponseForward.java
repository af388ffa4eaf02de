package dev.sluice.worker.proxy;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.http.Framing;
import dev.sluice.worker.http.ResponseHead;
import dev.sluice.worker.http.Status;
import dev.sluice.worker.http1.ParseLimits;
import dev.sluice.worker.http1.ResponseParser;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.SocketHandle;
import dev.sluice.worker.upstream.HeadTaker;
import dev.sluice.worker.upstream.PeerStream;

/**
 * The response on its way to the client. It is read into one slab; a small piece of body is copied
 * to the client's own memory, a larger one is lent to the client's stream and nothing more is read
 * until it comes back: that is the back-pressure.
 *
 * <pre>
 *  0             START                          filled               LIMIT        Slab.BYTES
 *  | LENT_BEFORE | head, then pieces of body    | room for a read    | LENT_AFTER |
 * </pre>
 *
 * <p>Owner: event loop.
 */
final class ResponseForward implements HeadTaker {

    /** What {@link #pump} came to. */
    enum Step {
        /** Waits for the peer, or for the client to take what was lent. */
        WAIT,
        /** Stopped to let others have their turn; goes on in the next turn of the loop. */
        PAUSE,
        /** The whole response has been read and given to the client. */
        DONE,
        /** The response is to be thrown away and the request made to another peer. */
        RETRY,
        /** The client gets the page for this status instead, see {@code error_page}. */
        REPLACE,
        /** {@link #failure} says why it cannot go on. */
        FAILED
    }

    private static final int START = ClientStream.LENT_BEFORE;
    private static final int LIMIT = Slab.BYTES - ClientStream.LENT_AFTER;
    /** Up to here copying is cheaper than lending. */
    private static final int COPY_MAX = 8 * 1024;
    /** Interim responses before the final one; more is an attack (RFC 9110 §15.2 sets no end). */
    private static final int INTERIMS_MAX = 16;

    private final LoopContext ctx;
    private final ProxyExchange owner;
    private final ResponseHead head;
    private final ResponseParser parser;
    private final ResponseBody body;
    private final int headBytesMax;
    private Exchange x;
    private ProxyHandler plan;
    private Slab slab;
    private int filled;
    private int interimCount;
    private boolean headPassed;
    private boolean lent;
    private boolean anyByte;
    /** See {@link #takeProgress}. */
    private boolean progress;
    private boolean tunnel;
    private final TurnShare share = new TurnShare();
    private Termination failure;
    private String detail;

    ResponseForward(LoopContext ctx, ProxyExchange owner, ParseLimits limits) {
        this.ctx = ctx;
        this.owner = owner;
        head = new ResponseHead(limits.headersMax());
        parser = new ResponseParser(limits);
        body = new ResponseBody(limits);
        headBytesMax = limits.headerBytesMax();
    }

    void begin(Exchange exchange, ProxyHandler handler) {
        assert slab == null;
        x = exchange;
        plan = handler;
        lent = false;
        headPassed = false;
        tunnel = false;
        restart();
    }

    /** A new attempt: nothing of the last one counts. */
    void restart() {
        assert !headPassed && !lent;
        giveBack();
        interimCount = 0;
        body.reset();
        anyByte = false;
        progress = false;
        failure = null;
        detail = null;
        filled = START;
        parser.reset(START, HeaderRewrite.method(x));
    }

    /** Whether the client has been given the head: nothing can be answered in its place. */
    boolean headPassed() {
        return headPassed;
    }

    /** Whether this attempt has brought anything at all. */
    boolean anyByte() {
        return anyByte;
    }

    /** Whether a part of a head is here. */
    boolean headBegun() {
        return !headPassed && filled > START;
    }

    boolean isTunnel() {
        return tunnel;
    }

    boolean isLent() {
        return lent;
    }

    int status() {
        return head.status;
    }

    byte[] challenge() {
        return HeadFacts.challenge(head);
    }

    Termination failure() {
        return failure;
    }

    /** For the error line; or null. */
    String detail() {
        return detail;
    }

    /** Whether the connection is clean behind this response and the peer wants to go on. */
    boolean mayReuse() {
        return head.keepAlive && !body.hasSurplus() && !tunnel;
    }

    /** Whether the peer has shown progress since this was last asked. */
    boolean takeProgress() {
        boolean was = progress;
        progress = false;
        return was;
    }

    /** After a pause that was not the peer's: its time begins anew. */
    void markProgress() {
        progress = true;
    }

    /** Reads and passes on as far as the peer and the client allow. */
    Step pump(PeerStream from) {
        if (from.takeHead()) {
            Step step = headCame();
            if (step != null) {
                return step;
            }
        }
        while (!lent && from.canRead()) {
            if (!share.mayGoOn(ctx.clock.nowNs())) {
                return Step.PAUSE;
            }
            if (slab == null && (slab = ctx.slabs.borrow()) == null) {
                return fail(Termination.WORKER_OVERLOAD, null);
            }
            int count = from.read(slab, filled, LIMIT);
            if (count <= 0) {
                if (count == SocketHandle.WOULD_BLOCK) {
                    break;
                }
                return ended(from, count == SocketHandle.END);
            }
            anyByte = true;
            share.used(count);
            filled += count;
            Step step = headPassed ? body(START, filled) : head();
            if (step != null) {
                return step;
            }
        }
        if (!lent && filled == START) {
            giveBack();
        }
        return Step.WAIT;
    }

    /** The next turn has begun, even if the clock has not moved. */
    void newTurn() {
        share.newTurn();
    }

    // ---- head

    private Step head() {
        for (;;) {
            int end = parser.parse(head, slab.bytes, filled);
            if (end == ResponseParser.NEED_MORE) {
                return filled < LIMIT ? null : fail(Termination.UPSTREAM_HEAD_TOO_LARGE, null);
            }
            if (end == ResponseParser.BAD) {
                return fail(HeadFacts.failure(head.error), head.error.sentence());
            }
            if (!head.isInterim()) {
                return finalHead(end);
            }
            if (!interim()) {
                return fail(Termination.UPSTREAM_ENDLESS_INTERIMS, null);
            }
            int rest = filled - end;
            if (rest > 0) {
                slab.bytes.put(START, slab.bytes, end, rest);
            }
            filled = START + rest;
            parser.reset(START, HeaderRewrite.method(x));
        }
    }

    @Override
    public ResponseHead headToFill() {
        return head;
    }

    @Override
    public int headBytesMax() {
        return headBytesMax;
    }

    @Override
    public int method() {
        return HeaderRewrite.method(x);
    }

    /** HTTP/2: a head has come apart from the body. @return null to go on */
    private Step headCame() {
        anyByte = true;
        if (head.isInterim()) {
            return interim() ? null : fail(Termination.UPSTREAM_ENDLESS_INTERIMS, null);
        }
        Step step = passHead();
        body.begin(Framing.UNTIL_CLOSE, 0);
        return step;
    }

    /**
     * 100 answers an Expect, which is never sent: the stream says 100 to the client itself.
     *
     * @return false when there have been too many
     */
    private boolean interim() {
        progress = true;
        if (head.status == Status.EARLY_HINTS) {
            if (interimCount < INTERIMS_MAX && plan.passesHints(x)) {
                plan.responseHeaders.writeHints(x, head.headers);
            }
        } else if (head.status != 100 && interimCount < INTERIMS_MAX) {
            x.client.interim(head.status);
        }
        return ++interimCount <= INTERIMS_MAX;
    }

    private Step finalHead(int end) {
        Step step = passHead();
        return step == null ? body(end, filled) : step;
    }

    /** @return null when the client has been given the head */
    private Step passHead() {
        progress = true;
        x.upstreamStatus = head.status;
        if (head.status == 101) {
            String wrong = SwitchRule.error(x, head);
            if (wrong != null) {
                return fail(Termination.UPSTREAM_BAD_HEAD, wrong);
            }
            tunnel = true;
            head.framing = Framing.UNTIL_CLOSE;
        } else if (head.status / 100 == 2 && x.request.asksForTunnel()) {
            return fail(Termination.UPSTREAM_BAD_HEAD, SwitchRule.NOT_SWITCHED);
        }
        Step instead = tunnel ? null : owner.failure.insteadOf(head.status);
        if (instead != null) {
            return instead;
        }
        ClientStream client = x.client;
        client.peerAnswers(head.status, head.headers);
        client.beginHead(HeadFacts.status(x, head));
        plan.responseHeaders.write(x, head.headers, client);
        owner.attempt.writeCookie(plan, client);
        if (!(tunnel ? client.endHeadOfTunnel() : client.endHead(HeadFacts.length(x, head)))) {
            return fail(Termination.UPSTREAM_HEAD_TOO_LARGE, "response head does not fit");
        }
        headPassed = true;
        x.state = tunnel ? ExchangeState.TUNNEL : ExchangeState.READING_RESPONSE_BODY;
        body.begin(head.framing, head.contentLength);
        return null;
    }

    // ---- body

    /** Passes on what {@code [from, to)} holds of the body. @return null to read on */
    private Step body(int from, int to) {
        if (!body.take(slab.bytes, from, to)) {
            return fail(Termination.UPSTREAM_BAD_BODY, body.error());
        }
        progress = true;
        filled = START;
        if (body.dataLength() > 0) {
            give(from, body.dataLength());
        }
        return body.isDone() ? Step.DONE : null;
    }

    private void give(int from, int length) {
        ClientStream client = x.client;
        if (length <= COPY_MAX && client.room() >= length) {
            int taken = client.writeCopy(slab.bytes, from, length);
            assert taken == length;
        } else {
            client.writeLent(slab.bytes, slab.address, from, length);
            lent = true;
        }
    }

    /** The client has taken what was lent. */
    void loanReturned() {
        lent = false;
    }

    // ---- ends

    private Step ended(PeerStream from, boolean orderly) {
        if (from.failure() != null) {
            return fail(from.failure(), from.detail());
        }
        if (!headPassed) {
            return fail(orderly ? Termination.UPSTREAM_CLOSED_BEFORE_HEAD
                    : Termination.UPSTREAM_RESET_BEFORE_HEAD, null);
        }
        if (body.framing() == Framing.UNTIL_CLOSE && orderly) {
            if (from.trailers() != null) {
                x.client.trailers(from.trailers(), from.trailersLength());
            }
            return Step.DONE;
        }
        return fail(Termination.UPSTREAM_CUT_BODY, null);
    }

    private Step fail(Termination why, String more) {
        failure = why;
        detail = more;
        return Step.FAILED;
    }

    /** Lets go of everything that is not lent; with a loan it is called once more. */
    void end() {
        lent = false;
        giveBack();
        x = null;
        plan = null;
    }

    private void giveBack() {
        if (slab != null) {
            assert !lent;
            ctx.slabs.giveBack(slab);
            slab = null;
        }
    }
}
