package dev.sluice.worker.proxy;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.upstream.PeerStream;

/**
 * How long a peer may take at each point of an exchange. Its time does not run while it waits for
 * the client; in a tunnel one time runs for both sides.
 *
 * <p>Owner: event loop.
 */
final class PeerPatience {

    private final LoopContext ctx;
    private final RequestForward request;
    private final ResponseForward response;
    private final ProxyExchange owner;
    private ProxyHandler plan;
    /** Null until a call of gRPC is forwarded. */
    private CallDeadline deadline;

    PeerPatience(LoopContext ctx, ProxyExchange owner, RequestForward request,
            ResponseForward response) {
        this.ctx = ctx;
        this.owner = owner;
        this.request = request;
        this.response = response;
    }

    void begin(ProxyHandler handler, Exchange x) {
        plan = handler;
        if (plan.grpc) {
            if (deadline == null) {
                deadline = new CallDeadline(ctx, owner);
            }
            deadline.begin(x);
        }
    }

    void end() {
        if (plan.grpc) {
            deadline.end();
        }
        plan = null;
    }

    /** All that the client has sent has been taken. */
    void requestSent(PeerStream c) {
        if (!response.isLent()) {
            set(c, response.isTunnel() ? plan.tunnelTimeoutNs : plan.readTimeoutNs);
        }
    }

    /** The peer takes no more for now. */
    void requestStuck(PeerStream c) {
        set(c, plan.sendTimeoutNs);
    }

    /** The client is to send more. */
    void requestNeedsBody(PeerStream c) {
        if (response.isTunnel()) {
            set(c, plan.tunnelTimeoutNs);
        } else {
            c.noDeadline();
        }
    }

    /** The time runs anew after progress only, so that a trickle of a head ends too. */
    void responseWaits(PeerStream c) {
        if (response.isLent()) {
            c.noDeadline();
        } else if (response.isTunnel()) {
            set(c, request.isStuck() ? plan.sendTimeoutNs : plan.tunnelTimeoutNs);
        } else if (response.takeProgress() && !request.needsBody()) {
            set(c, plan.readTimeoutNs);
        }
    }

    /** What a time that has run out is called at this point. */
    Termination endedBy(Termination why) {
        if (response.isTunnel()) {
            return Termination.CLIENT_TUNNEL_IDLE;
        }
        return why == Termination.UPSTREAM_READ_TIMEOUT && response.headBegun()
                ? Termination.UPSTREAM_HEAD_TIMEOUT : why;
    }

    private void set(PeerStream c, long timeoutNs) {
        c.deadline(ctx.clock.nowNs() + timeoutNs);
    }
}
