package dev.sluice.worker.proxy;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.upstream.ConnectFailure;
import dev.sluice.worker.upstream.ConnectionUser;
import dev.sluice.worker.upstream.PeerStream;
import dev.sluice.worker.upstream.UpstreamState;

/**
 * One request on its way to a peer and its response on the way back: chooses the peer, retries,
 * keeps the times, ends. {@link RequestForward} and {@link ResponseForward} move the bytes,
 * {@link ProxyState} draws the states.
 *
 * <p>Owner: event loop. Reused: after {@link #finish} nothing of an exchange may be touched, and
 * an answer of our own may already have put this object to its next use.
 */
final class ProxyExchange implements Responder, ConnectionUser, ExchangeLog {

    private final ProxyExchangePool pool;
    private final LoopContext ctx;
    private final RequestForward request;
    private final ResponseForward response;
    final Attempt attempt = new Attempt();
    final AttemptFailure failure;
    private final PeerPatience patience;
    private final QueuePlace place = new QueuePlace(this);
    private final Continuation continuation;
    private ProxyState state = ProxyState.FREE;
    private Exchange x;
    private ProxyHandler plan;
    private int useCount;

    ProxyExchange(ProxyExchangePool pool) {
        this.pool = pool;
        this.ctx = pool.ctx;
        this.response = new ResponseForward(ctx, this, pool.limits);
        this.request = new RequestForward(ctx, response);
        this.patience = new PeerPatience(ctx, this, request, response);
        this.failure = new AttemptFailure(pool, attempt, request, response);
        this.continuation = new Continuation(this, ctx.loop);
    }

    // ---- choosing a peer

    void start(Exchange exchange, ProxyHandler handler) {
        state = state.to(ProxyState.SELECTING);
        useCount++;
        x = exchange;
        plan = handler;
        x.responder = this;
        x.handlerState = this;
        request.begin(x, plan);
        response.begin(x, plan);
        failure.begin(x, plan);
        patience.begin(plan, x);
        attempt.aim(plan, x);
        if (plan.upstream.hasQueue()) {
            // Whoever waits already comes first.
            waitOrGiveUp();
        } else {
            tryPeers();
        }
    }

    /** Tries peers until one is at work or the request is answered. */
    private void tryPeers() {
        do {
            x.state = ExchangeState.CONNECTING;
            if (!attempt.choose(plan.upstream, x)) {
                waitOrGiveUp();
                return;
            }
        } while (tryPeer());
    }

    private void waitOrGiveUp() {
        Termination why = place.enter(plan.upstream, attempt.isFirst());
        if (why == null) {
            state = state.to(ProxyState.QUEUED);
            x.state = ExchangeState.QUEUED;
        } else {
            giveUp(why, null, null);
        }
    }

    /** Of all that wait this is the first. @return false when it has to wait on */
    boolean placeIsFree() {
        if (!attempt.choose(plan.upstream, x)) {
            return false;
        }
        state = state.to(ProxyState.SELECTING);
        x.state = ExchangeState.CONNECTING;
        if (tryPeer()) {
            tryPeers();
        }
        return true;
    }

    /** @return true when the attempt has failed already and another one is to be made */
    private boolean tryPeer() {
        boolean careful = !Method.isIdempotent(HeaderRewrite.method(x));
        if (attempt.takeIdle(this, plan.transport, careful)) {
            x.upstreamConnectNs = 0;
            return forward();
        }
        state = state.to(ProxyState.CONNECTING);
        return switch (pool.connector.open(
                attempt.peer(), this, plan.transport, plan.connectTimeoutNs)) {
            case PENDING -> {
                attempt.connecting(pool.connector.opened());
                yield false;
            }
            case CONNECTED -> {
                attempt.connected(pool.connector.opened(), x);
                yield forward();
            }
            case FAILED -> failed(
                    pool.connector.failure().reason(), pool.connector.failure().text());
        };
    }

    @Override
    public void writePreface(ByteSink out) {
        ProxyHeader.write(plan.transport.config.proxyProtocol(), x.client, out);
    }

    @Override
    public void onConnected(PeerStream c) {
        attempt.connected(c, x);
        if (forward()) {
            tryPeers();
        }
    }

    @Override
    public void onConnectFailed(ConnectFailure why) {
        attempt.connectionLost();
        if (failed(why.reason(), why.text())) {
            tryPeers();
        }
    }

    // ---- the request

    private boolean forward() {
        state = state.to(ProxyState.FORWARDING);
        attempt.connection().become(UpstreamState.SENDING);
        x.state = ExchangeState.SENDING_REQUEST;
        return requestMoved(request.start(attempt.connection()));
    }

    /** @return true when another attempt is to be made */
    private boolean requestMoved(RequestForward.Step step) {
        PeerStream c = attempt.connection();
        switch (step) {
            case SENT -> {
                attempt.requestSent(x);
                if (response.isTunnel()) {
                    c.endOutput();
                }
                patience.requestSent(c);
            }
            case STUCK -> patience.requestStuck(c);
            case NEEDS_BODY -> patience.requestNeedsBody(c);
            case PEER_BROKEN -> {
                // It may have answered before it closed: reading on tells.
                c.lookForLastWords();
                return pumpResponse();
            }
            case BODY_ERROR -> drop();
            case NO_MEMORY, HEAD_TOO_LARGE -> {
                return failedOrCut(Termination.WORKER_OVERLOAD, step.detail());
            }
        }
        return false;
    }

    @Override
    public void onRequestBodyReadable(Exchange of) {
        assert of == x;
        if (state == ProxyState.FORWARDING && request.needsBody()
                && requestMoved(request.pump(attempt.connection()))) {
            tryPeers();
        }
    }

    // ---- the response

    @Override
    public void onPeerReady(PeerStream c) {
        assert c == attempt.connection() && state == ProxyState.FORWARDING;
        int use = useCount;
        boolean again = request.isStuck() && c.canWrite() && requestMoved(request.pump(c));
        if (!again && use == useCount && state == ProxyState.FORWARDING && c.canRead()) {
            again = pumpResponse();
        }
        if (again) {
            tryPeers();
        }
    }

    private boolean pumpResponse() {
        assert state == ProxyState.FORWARDING;
        boolean hadHead = response.headPassed();
        ResponseForward.Step step = response.pump(attempt.connection());
        if (!hadHead && response.headPassed()) {
            headPassed();
        }
        return switch (step) {
            case WAIT -> {
                patience.responseWaits(attempt.connection());
                yield false;
            }
            case PAUSE -> {
                attempt.connection().noDeadline();
                continuation.request();
                yield false;
            }
            case DONE -> complete();
            case RETRY -> {
                failure.ofStatus();
                yield again();
            }
            case REPLACE -> replaced();
            case FAILED -> failedOrCut(response.failure(), response.detail());
        };
    }

    private void headPassed() {
        attempt.headPassed(x, plan, response.status());
        request.answered(response.status(), response.isTunnel());
        if (response.isTunnel()) {
            // The client's side of it opens in the next turn.
            continuation.request();
        }
    }

    @Override
    public void onClientWritable(Exchange of) {
        assert of == x;
        response.loanReturned();
        if (state == ProxyState.LENDING) {
            finish();
        } else if (state == ProxyState.FORWARDING && !continuation.isWanted()) {
            resumeResponse();
        }
    }

    /** A new turn of the loop has come for what was cut short. */
    void goOn() {
        int use = useCount;
        if (state == ProxyState.FORWARDING) {
            onRequestBodyReadable(x);
        }
        if (use == useCount && state == ProxyState.FORWARDING && !response.isLent()) {
            response.newTurn();
            resumeResponse();
        }
    }

    private void resumeResponse() {
        response.markProgress();
        if (pumpResponse()) {
            tryPeers();
        }
    }

    // ---- ends

    /** All has been read: the peer is free, the client may be slow. @return false: no retry */
    private boolean complete() {
        x.upstreamResponseNs = attempt.elapsedNs(ctx.clock.nowNs());
        x.state = ExchangeState.SENDING_RESPONSE;
        attempt.complete(request.isSent() && response.mayReuse(), x.upstreamResponseNs);
        request.stop();
        ClientStream client = x.client;
        if (response.isLent()) {
            state = state.to(ProxyState.LENDING);
            request.end();
            x.onEnd = this;
        } else {
            finish();
        }
        client.endResponse();
        return false;
    }

    /** The exchange has ended with memory still lent to its stream, which is free by that. */
    @Override
    public void ended(Exchange of) {
        if (state == ProxyState.LENDING && of == x) {
            finish();
        }
    }

    private boolean failedOrCut(Termination why, String detail) {
        if (!response.headPassed()) {
            return failed(why, detail);
        }
        cut(why, detail);
        return false;
    }

    /** The response ends too early: the client must be able to tell. */
    private void cut(Termination why, String detail) {
        failure.cut(why, detail);
        ClientStream client = x.client;
        drop();
        client.abort(why);
    }

    /** Whoever calls by gRPC waits no longer. */
    void deadlinePassed() {
        if (response.headPassed() && state == ProxyState.FORWARDING) {
            cut(Termination.UPSTREAM_DEADLINE, null);
        } else if (state != ProxyState.LENDING) {
            giveUp(Termination.UPSTREAM_DEADLINE, null, x.upstreamAddress);
        }
    }

    @Override
    public void onPeerTimeout(PeerStream c, Termination why) {
        assert c == attempt.connection();
        if (failedOrCut(patience.endedBy(why), null)) {
            tryPeers();
        }
    }

    /** The attempt has failed before anything was passed on. */
    private boolean failed(Termination why, String detail) {
        if (failure.allowsAnother(why, detail)) {
            return again();
        }
        giveUp(why, failure.words(detail), x.upstreamAddress);
        return false;
    }

    private boolean again() {
        attempt.leave();
        request.restart();
        response.restart();
        state = state.to(ProxyState.SELECTING);
        return true;
    }

    /** No attempt has helped: answers in the peers' place. */
    void giveUp(Termination why, String detail, String address) {
        failure.gaveUp(why, detail, address);
        answer(why.status());
    }

    /** The peer's answer is dropped for a page of ours. @return false: no retry */
    private boolean replaced() {
        failure.replaced();
        answer(response.status());
        return false;
    }

    private void answer(int status) {
        Exchange answered = x;
        drop();
        answered.state = ExchangeState.SENDING_RESPONSE;
        pool.answers.status(answered, status);
    }

    @Override
    public void onClientGone(Exchange of) {
        assert of == x;
        drop();
    }

    private void drop() {
        attempt.leave();
        finish();
    }

    private void finish() {
        place.leave();
        attempt.reset();
        request.end();
        response.end();
        failure.end();
        patience.end();
        x.responder = Responder.NONE;
        x.handlerState = null;
        x.onEnd = null;
        x = null;
        plan = null;
        state = state.to(ProxyState.FREE);
        pool.giveBack(this);
    }
}
