package dev.sluice.worker.cache;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.exchange.CacheStatus;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.PastTries;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;

/**
 * One client's exchange at a cache: waits for an answer, then reads it, as far as it has come.
 *
 * <pre>
 *          ┌► WAITING ──┬─ there is an answer ───► SENDING ─┐
 *  FREE ───┼► POLLING ──┤                                   ├─ the exchange ends ─► FREE
 *          │            └─ it is for no other ───► PASSING ─┘
 *          └► SENDING
 * </pre>
 *
 * <p>Owner: event loop. Reused.
 */
final class CacheReader implements Responder, ExchangeLog {

    private enum State { FREE, WAITING, POLLING, SENDING, PASSING }

    private static final int PARTIAL = 206;
    private static final int BAD_GATEWAY = 502;

    private final CacheReaders pool;
    private State state = State.FREE;
    private Exchange x;
    private CacheHandler handler;
    /** What brings the answer; null when it is stored already. */
    private Fetch fetch;
    private Stored source;
    private long at;
    private long end;
    /** The stream has not taken what it was given last. */
    private boolean busy;
    private boolean ended;
    /** The head has no length. */
    private boolean unframed;
    private ExchangeLog alsoOnEnd;
    private final Polling polling = new Polling(this);
    /** Why the peer is asked, if it is. */
    private Forward why;
    /** Null where the answer comes in one. */
    private Slices slices;

    CacheReader(CacheReaders pool) {
        this.pool = pool;
    }

    CacheReader of(Exchange exchange, CacheHandler owner) {
        assert state == State.FREE;
        x = exchange;
        handler = owner;
        ended = false;
        return this;
    }

    /** The answer comes in slices, and this one is asked for first. */
    CacheReader inSlices(long bytes, long first) {
        slices = first == Slices.NONE ? null : new Slices(bytes, first);
        return this;
    }

    /** @param reason why the peer is asked for it, if it is */
    CacheReader because(Forward reason) {
        why = reason;
        return this;
    }

    /** Whether the head has been sent, and one more slice is waited for. */
    boolean continues() {
        return state == State.SENDING && source == null;
    }

    /** Whether it has got nothing yet, or waits for one more slice. */
    boolean isWaiting() {
        return state == State.WAITING || continues();
    }

    ClientStream client() {
        return x.client;
    }

    HeaderTable request() {
        return x.request.headers;
    }

    boolean isHead() {
        return x.request.method == Method.HEAD;
    }

    // ---- waiting

    /** The fetch tells when there is something. */
    void waitFor(Fetch one) {
        state = continues() ? State.SENDING : State.WAITING;
        fetch = one;
        x.responder = this;
        x.state = ExchangeState.READING_RESPONSE_HEAD;
    }

    /** Another process fetches it: looks again and again. */
    void poll(long atPlace, long hashWanted, long timeoutNs) {
        state = continues() ? State.SENDING : State.POLLING;
        x.responder = this;
        x.state = ExchangeState.READING_RESPONSE_HEAD;
        polling.begin(handler.cache, atPlace, hashWanted, timeoutNs);
    }

    void waitedTooLong() {
        goAlone(CacheStatus.MISS, Aside.LOCK_TIMEOUT);
    }

    /** Asks the cache once more. */
    void again() {
        CacheHandler to = handler;
        if (continues()) {
            to.ask(x, slices.index);
        } else {
            to.handle(free());
        }
    }

    /** There is nothing that could be cut into slices. */
    void askWhole() {
        CacheHandler to = handler;
        to.askWhole(free());
    }

    /** Goes to the peer, past the cache. */
    void goAlone(CacheStatus status, Aside beside) {
        if (continues()) {
            cut(Termination.UPSTREAM_CUT_BODY);
            return;
        }
        CacheHandler past = handler;
        byte[] told = why.told(beside);
        past.passBy(free(), status, told);
    }

    private Exchange free() {
        Exchange of = x;
        of.responder = Responder.NONE;
        of.handlerState = of.handlerState == this ? null : of.handlerState;
        polling.end();
        state = State.FREE;
        x = null;
        handler = null;
        fetch = null;
        source = null;
        alsoOnEnd = null;
        slices = null;
        pool.giveBack(this);
        return of;
    }

    // ---- passing on what is for this client alone

    void beginPassing(int status) {
        if (state != State.PASSING) {
            state = State.PASSING;
            x.responder = this;
            alsoOnEnd = x.onEnd;
            x.onEnd = this;
            x.cacheStatus = fetch.facts.statusOfMiss();
            handler.count(x.cacheStatus);
        }
        x.state = ExchangeState.READING_RESPONSE_BODY;
        x.client.beginHead(status);
        if (handler.plan.use.statusField()) {
            StatusField.passed(x.client, why, fetch.facts.verdict());
        }
    }

    /** Of a HEAD no more than the head is wanted. */
    void endsWithHead() {
        fetch = null;
        x.client.endResponse();
    }

    /** What modules do about the head of a peer is not for an answer of our own. */
    void headEnds(Exchange of) {
        passFacts(of);
        x.handlerState = of.handlerState == null ? null : this;
    }

    void passFacts(Exchange of) {
        PastTries.pass(of, x);
    }

    // ---- sending what is stored

    /** @param from what the answer still comes from; null when it is complete */
    void begin(Stored s, CacheStatus status, Fetch from) {
        boolean isFirst = !continues();
        if (s.status != PARTIAL && isFirst) {
            slices = null;
        }
        source = s.use();
        fetch = from;
        busy = false;
        if (!isFirst) {
            goOn(from == null);
            return;
        }
        state = State.SENDING;
        x.responder = this;
        alsoOnEnd = x.onEnd;
        x.onEnd = this;
        x.cacheStatus = status;
        handler.count(status);
        HitHead head = pool.head.because(why, from != null && from.facts.promises(),
                handler.cache.trouble.isFailing(),
                from != null && !s.complete && status == CacheStatus.HIT);
        long whole = slices == null ? s.bodyBytes : slices.begin(s);
        if (!head.write(x, handler.plan, s, status, whole)) {
            x.client.abort(Termination.WORKER_OVERLOAD);
            return;
        }
        at = isHead() ? 0 : head.from();
        end = isHead() ? 0 : head.to();
        unframed = s.bodyBytes < 0;
        if (slices != null && at < end) {
            slices.at = at;
            slices.to = end;
            goOn(true);
            return;
        }
        slices = null;
        pump();
    }

    /** @param stored whether the slice was there, and may be older than the first one */
    private void goOn(boolean stored) {
        if (source.status == PARTIAL && slices.isSame(source)) {
            if (!slices.holdsNext()) {
                turn();
                return;
            }
            at = slices.at - slices.from();
            end = slices.endInSlice();
            pump();
            return;
        }
        handler.cache.remove(stored ? source.hash : slices.firstHash());
        if (stored) {
            turn();
        } else {
            x.client.abort(Termination.UPSTREAM_CUT_BODY);
        }
    }

    /** Lets go of this slice and asks for the one with the next byte. */
    private void turn() {
        Fetch left = fetch;
        Stored done = source;
        fetch = null;
        source = null;
        if (left != null) {
            left.leave(this);
        }
        done.release();
        slices.turnToNext();
        handler.ask(x, slices.index);
    }

    /** There is more, or there will be no more. */
    void grown() {
        if (state == State.SENDING && source != null && !busy && !ended) {
            pump();
        }
    }

    private void pump() {
        x.state = source.complete ? ExchangeState.SENDING_RESPONSE
                : ExchangeState.READING_RESPONSE_BODY;
        long to = end == HitHead.ALL ? source.available : Math.min(end, source.available);
        if (at < to && source.inMemory) {
            at += x.client.writeCopy(source.slab.bytes, source.bodyAt + (int) at,
                    (int) (to - at));
            busy = at < to;
        } else if (at < to && unframed) {
            long got = pool.copyOfFile(x.client, source, at, to);
            if (got == CacheReaders.BROKEN) {
                return;
            }
            at = got;
            busy = at < to;
        } else if (at < to) {
            x.client.writeFile(source.fd, source.fileBodyAt + at, to - at);
            at = to;
            busy = true;
        }
        Tail tail = fetch == null ? null : fetch.tail;
        if (tail != null && !busy && at >= source.available) {
            long until = end == HitHead.ALL ? tail.to() : Math.min(end, tail.to());
            at += tail.copy(x.client, at, until);
            busy = at < until;
        }
        if (slices != null && at == end && slices.advance(at)) {
            if (!busy) {
                turn();
            }
        } else if (end == HitHead.ALL ? isAll(tail) : at == end) {
            ended = true;
            x.client.endResponse();
        } else if (!busy && source.failed) {
            x.client.abort(Termination.UPSTREAM_CUT_BODY);
        }
    }

    private boolean isAll(Tail tail) {
        return tail == null ? source.complete && at == source.available
                : tail.hasEnded() && at == tail.to();
    }

    /** Whether it has what comes before this byte of the body, or does not want it. */
    boolean has(long to) {
        return ended || at >= to || end != HitHead.ALL && at >= end;
    }

    @Override
    public void onClientWritable(Exchange of) {
        busy = false;
        if (state == State.PASSING) {
            if (fetch != null) {
                fetch.leaderWritable();
            }
        } else if (!ended && source != null) {
            pump();
            if (fetch != null && fetch.tail != null) {
                fetch.tail.taken();
            }
        }
    }

    @Override
    public void onRequestBodyReadable(Exchange of) {
        // There is none: such requests pass the cache by.
    }

    // ---- ends

    /** There is no more for this client. */
    void cut(Termination reason) {
        fetch = null;
        if (state == State.WAITING) {
            Answers.status(free(), BAD_GATEWAY);
        } else if (!ended) {
            x.client.abort(reason);
        }
    }

    @Override
    public void onClientGone(Exchange of) {
        Fetch left = fetch;
        fetch = null;
        if (state == State.WAITING || state == State.POLLING) {
            free();
        }
        if (left != null) {
            left.leave(this);
        }
    }

    @Override
    public void ended(Exchange of) {
        Fetch left = fetch;
        ExchangeLog also = alsoOnEnd;
        State was = state;
        fetch = null;
        if (left != null && was == State.PASSING) {
            left.passEnded();
        } else if (left != null) {
            left.leave(this);
        }
        if (source != null) {
            handler.cache.release(source, of.termination);
        }
        free();
        if (also != null) {
            also.ended(of);
        }
    }
}
