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
    /** In place of a length: the body is sent as it is. */
    private static final long NOT_CODED = -3;

    CodedClient next;
    private final Codings codings;
    private final CodedBody body;
    /** Null while it is nobody's. */
    private Exchange x;
    /** Null in a location without codings. */
    private CodingRules rules;
    /** Of the body under way, {@link #sameBody}; 0 for one that does not come again. */
    private long serial;
    /** Sent in place of what the handler gives, which is the same; null where there is none. */
    private CodedForm form;
    private int formAt;
    /** The handler has given all that the form stands for. */
    private boolean formEnds;
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
        dropBody();
        inner.beginHead(status);
    }

    @Override
    public void sameBody(long bodySerial) {
        serial = bodySerial;
    }

    private void dropBody() {
        body.drop();
        serial = 0;
        if (form != null) {
            CodedForm last = form;
            form = null;
            codings.forms.release(last);
        }
    }

    @Override
    public boolean endHead(long contentLength) {
        boolean fits = inner.endHead(contentLength);
        if (!fits) {
            dropBody();
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
        if (of.status == CodingRules.PARTIAL_CONTENT) {
            // As the whole would have it (RFC 9110 §15.3.7).
            if (rules.vary && rules.mayChange(fields)) {
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
        CoderPool pool = coding == null || CodingRules.isTooOld(x) || rules.isBypassed(x) ? null
                : rules.pools[coding.ordinal()];
        long codedLength = pool == null ? NOT_CODED
                : streaming || serial == 0 ? take(pool, streaming, Long.MAX_VALUE)
                : takeKept(pool, contentLength);
        if (rules.vary) {
            fields.vary();
        }
        if (codedLength == NOT_CODED) {
            return contentLength;
        }
        fields.recode(coding);
        return codedLength;
    }

    /** Takes the form that is kept, or makes it and keeps it. */
    private long takeKept(CoderPool pool, long contentLength) {
        form = codings.forms.find(serial, pool);
        if (form == null) {
            long length = take(pool, false, Long.MAX_VALUE);
            if (body.isOn()) {
                body.gather(serial, contentLength);
            }
            return length;
        }
        long length = form.length;
        formAt = 0;
        formEnds = false;
        if (x.request.method == Method.HEAD) {
            dropBody();
        }
        return length;
    }

    @Override
    public boolean unpacksGzip(Exchange of) {
        // Of HTTP/1.0 too, where the close ends it: what cannot be read is of no use to it.
        return rules != null && rules.unpacking != null
                && !codings.accepted.read(of.request.headers).accepts(Coding.GZIP);
    }

    private long unpack(AnswerFields fields, long contentLength) {
        if (!rules.hasWholeBody(x, fields, contentLength)) {
            return contentLength;
        }
        boolean unpacked = unpacksGzip(x)
                && take(rules.unpacking, contentLength < 0, rules.gunzipBytesMax) != NOT_CODED;
        if (rules.vary) {
            fields.vary();
        }
        if (unpacked) {
            fields.recode(null);
        }
        return unpacked ? LENGTH_UNKNOWN : contentLength;
    }

    /** HEAD is answered as GET would be. @return NOT_CODED when too many bodies are in coders */
    private long take(CoderPool pool, boolean streaming, long bytesMax) {
        return x.request.method == Method.HEAD || body.begin(pool, streaming, bytesMax)
                ? LENGTH_UNKNOWN : NOT_CODED;
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
        return form != null ? Coder.INPUT_BYTES : body.isOn() ? body.room() : inner.room();
    }

    @Override
    public int writeCopy(ByteBuffer from, int offset, int length) {
        if (form != null) {
            return length;
        }
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
        if (form != null) {
            wantDrain();
        } else if (body.isOn()) {
            body.source.lend(memory, offset, length);
            wantDrain();
        } else {
            inner.writeLent(memory, address, offset, length);
        }
    }

    @Override
    public void writeFile(int fd, long offset, long length) {
        if (form != null) {
            wantDrain();
        } else if (body.isOn()) {
            body.source.file(fd, offset, length);
            wantDrain();
        } else {
            inner.writeFile(fd, offset, length);
        }
    }

    @Override
    public void wantDrain() {
        if (form != null || body.isOn()) {
            handlerWaits = true;
            codings.ctx.loop.atEndOfTurn(this);
        } else {
            inner.wantDrain();
        }
    }

    @Override
    public void endResponse() {
        if (form != null) {
            formEnds = true;
            sendForm();
        } else if (!body.isOn()) {
            inner.endResponse();
        } else if (body.end()) {
            // The usual case, a short answer: it goes out with its head.
            body.goOn(inner);
        } else {
            codings.ctx.loop.atEndOfTurn(this);
        }
    }

    /** It is never lent: other clients may be in the middle of the same bytes. */
    private void sendForm() {
        CodedForm kept = form;
        if (formAt < kept.length) {
            formAt += inner.writeCopy(kept.slab.bytes, formAt, kept.length - formAt);
            if (formAt == kept.length) {
                inner.endResponse();
            }
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
        if (x != null && (form != null || body.isOn() && !body.isAside())) {
            byItself = true;
            x.client.tellWritable(x);
        }
    }

    @Override
    public boolean settle(Exchange of) {
        if (form != null) {
            boolean wants = handlerWaits && !formEnds;
            handlerWaits = false;
            if (formEnds) {
                sendForm();
            }
            return wants;
        }
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
        dropBody();
        codings.giveBack(this);
    }
}
