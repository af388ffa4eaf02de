package dev.sluice.worker.module;

import dev.sluice.common.counters.Termination;
import dev.sluice.module.Verdict;
import dev.sluice.worker.exchange.ClientInFront;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.Status;
import dev.sluice.worker.linux.Libc;
import java.nio.ByteBuffer;

/**
 * A client whose bodies go through hooks of modules, in front of the one that there is. What the
 * handler lends is read piece by piece, as the client takes what comes out: that is the
 * back-pressure.
 *
 * <p>Owner: event loop. One for an exchange.
 */
final class FilteredClient extends ClientInFront {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Exchange x;
    private final HookCalls calls;
    private final BodyMemory memory;
    private final RequestFilter request;
    /** Hooks for answers of the location; null for none. */
    private BodyStage[] stages;
    /** Of the answer under way; null where it passes as it is. */
    private BodyPipe pipe;
    /** The client's head waits for the first word of every hook: one that fails is answered. */
    private boolean headHeld;
    private ByteBuffer lent;
    private int lentAt;
    private int lentEnd;
    private int fileFd;
    private long fileAt;
    private long fileEnd;
    /** The handler waits to be told that it may go on. */
    private boolean handlerWaits;
    private boolean ended;
    private boolean endPushed;
    private boolean innerEnded;
    private boolean broken;

    private FilteredClient(Exchange x, HookCalls calls, BodyMemory memory, BodyStage[] forRequest) {
        this.x = x;
        this.calls = calls;
        this.memory = memory;
        standFirst(x);
        this.request = new RequestFilter(x, inner, memory,
                forRequest.length == 0 ? null : new BodyPipe(calls, forRequest),
                this::failed);
    }

    /** The one in front of the client of this exchange; there is one at most. */
    static FilteredClient of(Exchange x, HookCalls calls, BodyMemory memory,
            BodyStage[] forRequest, BodyStage[] forResponse) {
        FilteredClient there = in(x);
        FilteredClient front = there != null ? there
                : new FilteredClient(x, calls, memory, forRequest);
        front.stages = forResponse.length == 0 ? null : forResponse;
        return front;
    }

    /** The one in this exchange, whoever else stands there; null without one. */
    static FilteredClient in(Exchange x) {
        ClientStream at = x.client;
        while (at != null && !(at instanceof FilteredClient)) {
            at = behind(at);
        }
        return (FilteredClient) at;
    }

    @Override
    public void leaveLocation() {
        super.leaveLocation();
        stages = null;
    }

    // ---- the request's body

    RequestFilter request() {
        return request;
    }

    @Override
    public long requestContentLength() {
        return request.contentLength();
    }

    @Override
    public boolean bodyPending() {
        return request.pending();
    }

    @Override
    public int readBody(ByteBuffer into, long address, int from, int limit) {
        return request.read(into, address, from, limit);
    }

    @Override
    public void discardBody() {
        request.discard();
    }

    // ---- the answer's body

    @Override
    public boolean wantsPlainBody() {
        return stages != null || inner.wantsPlainBody();
    }

    @Override
    public void beginHead(int status) {
        forget();
        inner.beginHead(status);
    }

    /** Nothing of an answer has been given. */
    private void forget() {
        pipe = null;
        headHeld = false;
        lent = null;
        fileEnd = fileAt;
        handlerWaits = false;
        ended = false;
        endPushed = false;
        innerEnded = false;
    }

    @Override
    public boolean endHead(long contentLength) {
        boolean none = stages == null || contentLength == NO_BODY || Status.isBodiless(x.status);
        pipe = none || x.request.method == Method.HEAD ? null : new BodyPipe(calls, stages);
        headHeld = pipe != null && inner.holdHead();
        boolean fits = inner.endHead(none ? contentLength : LENGTH_UNKNOWN);
        headHeld &= fits;
        return fits;
    }

    @Override
    public boolean endHeadOfTunnel() {
        pipe = null;
        request.startTunnel();
        return inner.endHeadOfTunnel();
    }

    @Override
    public int room() {
        return pipe == null ? inner.room() : broken ? BodyPipe.PIECE_BYTES
                : pipe.output().isEmpty() ? Math.min(inner.room(), BodyPipe.PIECE_BYTES) : 0;
    }

    @Override
    public int writeCopy(ByteBuffer source, int offset, int length) {
        if (pipe == null) {
            return inner.writeCopy(source, offset, length);
        }
        if (broken) {
            return length;
        }
        int taken = 0;
        while (taken < length && flush()) {
            int count = Math.min(BodyPipe.PIECE_BYTES, length - taken);
            if (!push(slice(source, offset + taken, count), false)) {
                return length;
            }
            taken += count;
        }
        boolean flushed = flush();
        if (taken < length || !flushed) {
            handlerWaits |= taken < length;
            inner.wantDrain();
        }
        return taken;
    }

    @Override
    public void writeLent(ByteBuffer loan, long address, int offset, int length) {
        if (pipe == null) {
            inner.writeLent(loan, address, offset, length);
            return;
        }
        lent = loan;
        lentAt = offset;
        lentEnd = offset + length;
        handsOver();
    }

    @Override
    public void writeFile(int fd, long offset, long length) {
        if (pipe == null) {
            inner.writeFile(fd, offset, length);
            return;
        }
        fileFd = fd;
        fileAt = offset;
        fileEnd = offset + length;
        handsOver();
    }

    private void handsOver() {
        handlerWaits = true;
        goOn();
        if (!broken && !innerEnded) {
            inner.wantDrain();
        }
    }

    @Override
    public void endResponse() {
        ended = true;
        if (pipe == null) {
            inner.endResponse();
        } else {
            goOn();
        }
    }

    @Override
    public boolean settle(Exchange of) {
        if (!inner.settle(of)) {
            return false;
        }
        if (pipe == null) {
            return true;
        }
        goOn();
        if (broken || innerEnded) {
            return false;
        }
        if (!pipe.output().isEmpty() || hasInput()) {
            inner.wantDrain();
            return false;
        }
        boolean waited = handlerWaits;
        handlerWaits = false;
        return waited;
    }

    private boolean hasInput() {
        return lent != null || fileAt < fileEnd;
    }

    /** Takes what the handler has handed over, as far as the client takes what comes out. */
    private void goOn() {
        while (!broken && flush()) {
            if (lent != null) {
                int count = Math.min(BodyPipe.PIECE_BYTES, lentEnd - lentAt);
                ByteBuffer piece = slice(lent, lentAt, count);
                lentAt += count;
                lent = lentAt == lentEnd ? null : lent;
                push(piece, false);
            } else if (fileAt < fileEnd) {
                pushOfFile();
            } else if (ended && !endPushed) {
                endPushed = true;
                push(NOTHING, true);
            } else {
                if (ended && !innerEnded) {
                    innerEnded = true;
                    inner.endResponse();
                }
                return;
            }
        }
    }

    private void pushOfFile() {
        long count = Libc.pread(fileFd, memory.address(),
                Math.min(BodyPipe.PIECE_BYTES, fileEnd - fileAt), fileAt);
        if (count <= 0) {
            giveUp(count == 0 ? Termination.FILE_SHRANK : Termination.FILE_ERROR);
            return;
        }
        fileAt += count;
        push(slice(memory.bytes(), 0, (int) count), false);
    }

    private static ByteBuffer slice(ByteBuffer source, int offset, int length) {
        return source.slice(offset, length).asReadOnlyBuffer();
    }

    private boolean push(ByteBuffer piece, boolean last) {
        boolean good = pipe.push(x, piece, last);
        if (!good) {
            failed(pipe.failure());
        } else if (headHeld && pipe.hasAskedAll(last)) {
            headHeld = false;
            inner.releaseHead();
        }
        return good;
    }

    /** @return whether the client itself has taken all that came out */
    private boolean flush() {
        if (broken) {
            return false;
        }
        BodyBuffer output = pipe.output();
        while (!output.isEmpty()) {
            int count = inner.writeCopy(output.array(), output.from(), output.length());
            output.took(count);
            if (count == 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * A hook for either body has failed: while nothing of an answer has been sent, and a head is
     * kept until the first call is over, there is one, as the module's {@code on_error} wants it.
     */
    private void failed(Verdict instead) {
        broken = true;
        later(() -> {
            if (headHeld || !inner.headSent()) {
                answer(instead);
            } else {
                cut(Termination.WORKER_MODULE_ABORT);
            }
        });
    }

    private void giveUp(Termination why) {
        broken = true;
        later(() -> {
            broken = false;
            abort(why);
        });
    }

    /**
     * What answers cannot go on. While the client's head is held there is an answer in its place,
     * which no hook for bodies sees: they have seen a part of another one.
     */
    @Override
    public void abort(Termination why) {
        if (headHeld && broken) {
            // The hook that has failed is about to answer.
            dropHandler();
        } else if (headHeld && why.status() != Termination.NO_STATUS) {
            x.terminate(why);
            answer(Verdict.respond(why.status()));
        } else {
            cut(why);
        }
    }

    /** Not below a handler that is about to go on with the exchange. */
    private void later(Runnable end) {
        calls.loop.execute(() -> {
            if (standsIn(x) && x.state != ExchangeState.ENDED) {
                end.run();
            }
        });
    }

    private void cut(Termination why) {
        x.terminate(why);
        dropHandler();
        inner.abort(why);
    }

    private void answer(Verdict instead) {
        dropHandler();
        if (headHeld) {
            inner.takeBackHead();
            forget();
        }
        broken = false;
        stages = null;
        request.leave();
        calls.verdicts.carryOut(x, instead);
    }

    /** What was answering is over, and lets go of all it holds. */
    private void dropHandler() {
        Responder responder = x.responder;
        x.responder = Responder.NONE;
        responder.onClientGone(x);
        ExchangeLog watcher = x.onEnd;
        if (watcher != null) {
            x.onEnd = null;
            watcher.ended(x);
        }
    }
}
