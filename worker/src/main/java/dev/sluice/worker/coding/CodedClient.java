package dev.sluice.worker.coding;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.BodyCoding;
import dev.sluice.worker.exchange.ClientInFront;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.loop.TurnEnd;
import java.nio.ByteBuffer;

/**
 * A client whose answer may be given another form on its way: decides that when the head is
 * complete, and takes what the handler gives, at the end of the turn, through a coder. Nothing
 * more is taken than fits there: that is the back-pressure.
 *
 * <p>Owner: event loop. Reused: taken from {@link Codings} by a gate, given back at the end of the
 * exchange, or when the side thread is done with it.
 */
final class CodedClient extends ClientInFront implements BodyCoding, TurnEnd {

    private static final int NOT_MODIFIED = 304;

    CodedClient next;
    private final Codings codings;
    private final CodedBody body;
    /** Null while it is nobody's. */
    private Exchange x;
    /** Null in a location without codings. */
    private CodingRules rules;
    private boolean handlerWaits;
    /** {@link #settle} is called by itself, not because the client has taken something. */
    private boolean byItself;
    private boolean queued;

    CodedClient(Codings codings) {
        this.codings = codings;
        this.body = new CodedBody(codings, this);
    }

    void begin(Exchange of) {
        x = of;
        of.coding = this;
        handlerWaits = false;
        byItself = false;
        standLast(of);
    }

    void follow(CodingRules ofLocation) {
        rules = ofLocation;
    }

    @Override
    public void leaveLocation() {
        super.leaveLocation();
        rules = null;
    }

    // ---- the head

    @Override
    public void beginHead(int status) {
        body.drop();
        inner.beginHead(status);
    }

    @Override
    public boolean endHead(long contentLength) {
        boolean fits = inner.endHead(contentLength);
        if (!fits) {
            body.drop();
        }
        return fits;
    }

    @Override
    public boolean endHeadOfTunnel() {
        return inner.endHeadOfTunnel();
    }

    @Override
    public long choose(Exchange of, ByteSink head, int from, long contentLength) {
        if (rules == null || head.overflowed()) {
            return contentLength;
        }
        AnswerFields fields = codings.fields;
        fields.read(head, from);
        if (of.status == NOT_MODIFIED) {
            if (rules.vary && rules.offered() != 0) {
                weakenAsAsked(fields);
                fields.vary();
            }
            return contentLength;
        }
        if (rules.unpacking != null && fields.gzipped) {
            return unpack(fields, contentLength);
        }
        return rules.compresses(of, fields, contentLength) ? compress(fields, contentLength)
                : contentLength;
    }

    private long compress(AnswerFields fields, long contentLength) {
        Coding coding = codings.accepted.read(x.request.headers).choose(rules.offered());
        boolean streaming = contentLength < 0 || fields.isEventStream();
        boolean coded = coding != null && !CodingRules.isTooOld(x) && !rules.isBypassed(x)
                && take(rules.pools[coding.ordinal()], streaming, Long.MAX_VALUE);
        if (rules.vary) {
            fields.vary();
        }
        if (coded) {
            fields.recode(coding);
        }
        return coded ? LENGTH_UNKNOWN : contentLength;
    }

    private long unpack(AnswerFields fields, long contentLength) {
        if (!rules.hasWholeBody(x, fields, contentLength)) {
            return contentLength;
        }
        boolean unpacked = !codings.accepted.read(x.request.headers).accepts(Coding.GZIP)
                && !CodingRules.isTooOld(x)
                && take(rules.unpacking, contentLength < 0, rules.gunzipBytesMax);
        if (rules.vary) {
            fields.vary();
        }
        if (unpacked) {
            fields.recode(null);
        }
        return unpacked ? LENGTH_UNKNOWN : contentLength;
    }

    /** HEAD is answered as GET would be. @return false when too many bodies are in coders */
    private boolean take(CoderPool pool, boolean streaming, long bytesMax) {
        return x.request.method == Method.HEAD || body.begin(pool, streaming, bytesMax);
    }

    /** A client with the weak form of a tag has the body in a coding: it keeps that form. */
    private void weakenAsAsked(AnswerFields fields) {
        int i = x.request.headers.find(HeaderName.IF_NONE_MATCH);
        if (i < 0 || !fields.hasEtag()) {
            return;
        }
        ByteBuffer b = x.request.headers.buffer();
        int at = x.request.headers.valueOffset(i);
        int end = at + x.request.headers.valueLength(i);
        int length = fields.etagLength();
        for (; at + 2 + length <= end; at++) {
            if (b.get(at) == 'W' && b.get(at + 1) == '/'
                    && fields.etagEquals(b, at + 2, length)) {
                fields.weaken();
                return;
            }
        }
    }

    // ---- what the handler gives

    @Override
    public int room() {
        return body.isOn() ? body.room() : inner.room();
    }

    @Override
    public int writeCopy(ByteBuffer from, int offset, int length) {
        if (!body.isOn()) {
            return inner.writeCopy(from, offset, length);
        }
        int count = body.copy(from, offset, length);
        handlerWaits |= count < length;
        codings.ctx.loop.atEndOfTurn(this);
        return count;
    }

    @Override
    public void writeLent(ByteBuffer memory, long address, int offset, int length) {
        if (body.isOn()) {
            body.source.lend(memory, offset, length);
            wantDrain();
        } else {
            inner.writeLent(memory, address, offset, length);
        }
    }

    @Override
    public void writeFile(int fd, long offset, long length) {
        if (body.isOn()) {
            body.source.file(fd, offset, length);
            wantDrain();
        } else {
            inner.writeFile(fd, offset, length);
        }
    }

    @Override
    public void wantDrain() {
        if (body.isOn()) {
            handlerWaits = true;
            codings.ctx.loop.atEndOfTurn(this);
        } else {
            inner.wantDrain();
        }
    }

    @Override
    public void endResponse() {
        if (!body.isOn()) {
            inner.endResponse();
        } else if (body.end()) {
            // The usual case, a short answer: it goes out with its head.
            body.goOn(inner);
        } else {
            codings.ctx.loop.atEndOfTurn(this);
        }
    }

    // ---- the work

    @Override
    public boolean markQueued() {
        boolean was = queued;
        queued = true;
        return !was;
    }

    @Override
    public void clearQueued() {
        queued = false;
    }

    @Override
    public void endOfTurn() {
        body.turnBegins();
        if (x != null && body.isOn() && !body.isAside()) {
            byItself = true;
            x.client.tellWritable(x);
        }
    }

    @Override
    public boolean settle(Exchange of) {
        if (!body.isOn()) {
            return inner.settle(of);
        }
        if (!byItself) {
            body.loanReturned();
        }
        byItself = false;
        body.goOn(inner);
        boolean more = handlerWaits && body.isOn() && body.wantsMore();
        handlerWaits &= !more;
        return more;
    }

    // ---- ends

    /** Ends the exchange, but not below a handler that is about to go on with it. */
    void giveUp(Termination why) {
        Exchange of = x;
        codings.ctx.loop.execute(() -> {
            if (x == of && body.isBroken()) {
                of.terminate(why);
                Responder responder = of.responder;
                of.responder = Responder.NONE;
                responder.onClientGone(of);
                inner.abort(why);
            }
        });
    }

    @Override
    public void ended(Exchange of) {
        assert of == x;
        x = null;
        rules = null;
        if (!body.isAside()) {
            release();
        }
    }

    boolean isDone() {
        return x == null;
    }

    /** The exchange's log lines still ask the client behind it: that stays until the next one. */
    void release() {
        body.drop();
        codings.giveBack(this);
    }
}
