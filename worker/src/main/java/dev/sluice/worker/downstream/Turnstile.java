package dev.sluice.worker.downstream;

import dev.sluice.common.counters.CounterId;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.loop.TurnEnd;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Lets no more than max_active_requests be served at once. Others wait with their heads read,
 * whatever connection they came on: first come, first served. Sub-requests and internal redirects
 * are parts of a request that is inside and never come here; nor are those held that come at an
 * address which is free, as they may be parts of requests that are inside.
 *
 * <p>Owner: event loop.
 */
final class Turnstile implements Responder, TurnEnd {

    private static final byte[] HEALTH = "/healthz".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_PER_TURN = 64;

    private final Downstreams shared;
    private final int max;
    /** By place of the listening address: its requests neither count nor wait. Null: none such. */
    private final boolean[] free;
    /** Begun and not ended, those that wait included. */
    private int count;
    /** Of them: those whose answers wait for a window of their clients. */
    private int resting;
    private int waiting;
    private SocketStream first;
    private SocketStream last;
    private boolean queued;

    Turnstile(Downstreams shared, int max, boolean[] free) {
        this.shared = shared;
        this.max = max;
        this.free = free;
    }

    /** Requests that are served or wait, without those whose clients do not take the answer. */
    int load() {
        return count - resting;
    }

    // ---- coming

    void begins(SocketStream stream) {
        stream.counted = free == null || !free[stream.listenIndex()];
        count += stream.counted ? 1 : 0;
        shared.ctx.counters.add(CounterId.REQUESTS, 1);
        shared.ctx.counters.add(CounterId.REQUESTS_ACTIVE, 1);
        shared.tellLoad();
    }

    /** The head is complete: it is served now, or when its turn has come. */
    void enter(SocketStream stream) {
        Exchange x = stream.exchange;
        if (!stream.counted || first == null && hasRoom() || isHealth(x.request)) {
            shared.router.onRequest(x);
            return;
        }
        x.state = ExchangeState.AT_GATE;
        x.responder = this;
        stream.ahead = last;
        if (last == null) {
            first = stream;
        } else {
            last.behind = stream;
        }
        last = stream;
        waiting++;
    }

    private boolean hasRoom() {
        return count - resting - waiting <= max;
    }

    /** Who watches the server must not be told that it is down because others ask too much. */
    private static boolean isHealth(RequestHead head) {
        if (head.targetLength != HEALTH.length) {
            return false;
        }
        ByteBuffer b = head.buffer();
        for (int i = 0; i < HEALTH.length; i++) {
            if (b.get(head.targetOffset + i) != HEALTH[i]) {
                return false;
            }
        }
        return true;
    }

    private void unlink(SocketStream stream) {
        if (stream.ahead == null) {
            first = stream.behind;
        } else {
            stream.ahead.behind = stream.behind;
        }
        if (stream.behind == null) {
            last = stream.ahead;
        } else {
            stream.behind.ahead = stream.ahead;
        }
        stream.ahead = null;
        stream.behind = null;
        waiting--;
    }

    // ---- going

    /** It has ended, or goes on as a tunnel: as long as its client likes, which is no load. */
    void ends(SocketStream stream) {
        count -= stream.counted ? 1 : 0;
        shared.ctx.counters.add(CounterId.REQUESTS_ACTIVE, -1);
        look();
    }

    /**
     * An answer waits for its client's window, as it may on each of its streams: a handful of
     * connections whose windows are shut must not keep others from being served.
     */
    void rests(SocketStream stream) {
        resting += stream.counted ? 1 : 0;
        look();
    }

    void goesOn(SocketStream stream) {
        assert !stream.counted || resting > 0;
        resting -= stream.counted ? 1 : 0;
        look();
    }

    private void look() {
        if (first != null && mayEnterNext()) {
            shared.ctx.loop.atEndOfTurn(this);
        }
        shared.tellLoad();
    }

    /** Whether there is room for one of those that wait. */
    private boolean mayEnterNext() {
        return count - resting - waiting < max;
    }

    @Override
    public void endOfTurn() {
        for (int i = 0; i < MOST_PER_TURN && first != null && mayEnterNext(); i++) {
            Exchange x = first.exchange;
            unlink(first);
            x.responder = NONE;
            x.state = ExchangeState.ROUTING;
            shared.router.onRequest(x);
        }
        if (first != null && mayEnterNext()) {
            shared.ctx.loop.atNextTurn(this);
        }
    }

    @Override
    public boolean markQueued() {
        boolean fresh = !queued;
        queued = true;
        return fresh;
    }

    @Override
    public void clearQueued() {
        queued = false;
    }

    // ---- the client's side of those that wait

    @Override
    public void onRequestBodyReadable(Exchange x) {
        // Whoever answers reads it.
    }

    @Override
    public void onClientWritable(Exchange x) {
        // Nothing has been given yet.
    }

    @Override
    public void onClientGone(Exchange x) {
        unlink((SocketStream) x.client);
    }
}
