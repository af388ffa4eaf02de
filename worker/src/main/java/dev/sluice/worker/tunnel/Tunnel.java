package dev.sluice.worker.tunnel;

import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.dns.Answer;
import dev.sluice.worker.dns.Lookup;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.exchange.Responder;
import dev.sluice.worker.http.Status;
import dev.sluice.worker.loop.TurnEnd;
import dev.sluice.worker.relay.ConnectionEnd;
import dev.sluice.worker.relay.Flow;
import dev.sluice.worker.upstream.ConnectFailure;
import dev.sluice.worker.upstream.ConnectionUser;
import dev.sluice.worker.upstream.Opened;
import dev.sluice.worker.upstream.PeerStream;
import dev.sluice.worker.upstream.UpstreamConnection;
import dev.sluice.worker.upstream.UpstreamState;
import java.net.InetAddress;

/**
 * One CONNECT, from its head to its end.
 *
 * <pre>
 *   begin ──► name looked up ──► connecting ──► 200, bytes both ways ──► ended
 *      └───────────┴──────────────────┴──► 4xx or 5xx
 * </pre>
 *
 * When the target ends, what it has sent is delivered and the tunnel closed (RFC 9110 §9.3.6); when
 * the client does, the target is told and may go on.
 *
 * <p>Owner: event loop. Serves once.
 */
final class Tunnel implements Responder, ConnectionUser, TurnEnd {

    private final TunnelPlan plan;
    private final Flow up;
    private final Flow down;
    private final ClientEnd clientEnd = new ClientEnd();
    private final ConnectionEnd targetEnd = new ConnectionEnd();
    /** Null after the end. */
    private Exchange x;
    private TargetHost host;
    /** Null but while it is waited for. */
    private Lookup lookup;
    private UpstreamConnection connection;
    private long connectNs;
    private boolean open;
    private long moved;
    private boolean queued;

    Tunnel(TunnelPlan plan) {
        this.plan = plan;
        up = new Flow(plan.shared.ctx.slabs);
        down = new Flow(plan.shared.ctx.slabs);
    }

    void begin(Exchange exchange) {
        x = exchange;
        if (x.client.requestContentLength() != 0) {
            // It would be taken for the first bytes of the tunnel by some, and by others not.
            refuse(400, "client sent a body with CONNECT");
            return;
        }
        host = TargetHost.of(x.request);
        if (!plan.targets.mayBegin(host, x.request.port)) {
            refuse(403, "client asked for a tunnel that connect_allow does not allow");
            return;
        }
        x.responder = this;
        x.state = ExchangeState.CONNECTING;
        if (host.address() != null) {
            connect(new InetAddress[] {host.address()});
            return;
        }
        Answer known = plan.shared.names.find(host.name(), plan.resolver);
        if (known != null) {
            found(known);
        } else {
            lookup = plan.shared.names.ask(host.name(), plan.resolver, this::found);
        }
    }

    private void found(Answer answer) {
        lookup = null;
        if (!answer.isFound()) {
            fail(Termination.UPSTREAM_UNREACHABLE,
                    "host name \"" + host.name() + "\" is not resolved: " + answer.reason());
            return;
        }
        InetAddress[] allowed = answer.targets().stream().map(Answer.Target::address)
                .filter(address -> plan.targets.allows(host.name(), address, x.request.port))
                .toArray(InetAddress[]::new);
        if (allowed.length == 0) {
            refuse(403, "the name leads to addresses that connect_allow does not allow");
        } else {
            connect(allowed);
        }
    }

    private void connect(InetAddress[] addresses) {
        connectNs = plan.shared.ctx.clock.nowNs();
        x.upstreamTries = 1;
        Opened outcome = plan.shared.connector.openTo(addresses, x.request.port,
                plan.shared.unwatched, this, plan.transport, plan.connectTimeoutNs);
        if (outcome == Opened.FAILED) {
            onConnectFailed(plan.shared.connector.failure());
            return;
        }
        connection = (UpstreamConnection) plan.shared.connector.opened();
        if (outcome == Opened.CONNECTED) {
            onConnected(connection);
        }
    }

    // ---- the connection

    @Override
    public void writePreface(ByteSink out) {
        throw new AssertionError("a target is told nothing of the client");
    }

    @Override
    public void onConnectFailed(ConnectFailure why) {
        connection = null;
        fail(why.reason(), why.text());
    }

    @Override
    public void onConnected(PeerStream c) {
        connection = (UpstreamConnection) c;
        connection.become(UpstreamState.SENDING);
        connection.become(UpstreamState.STREAMING);
        x.upstreamAddress = connection.addressText();
        x.upstreamConnectNs = plan.shared.ctx.clock.nowNs() - connectNs;
        ClientStream client = x.client;
        client.beginHead(Status.CONNECTED);
        if (!client.endHeadOfTunnel()) {
            fail(Termination.WORKER_OVERLOAD, "the head of the answer does not fit");
            return;
        }
        x.state = ExchangeState.TUNNEL;
        open = true;
        if (plan.pingS > 0) {
            connection.probeWhenIdle(plan.pingS);
            client.probeWhenIdle(plan.pingS);
        }
        up.begin(clientEnd, targetEnd, null);
        down.begin(targetEnd, clientEnd, null);
        clientEnd.begin(client);
        targetEnd.begin(connection);
        isAlive();
        later();
    }

    @Override
    public void onPeerReady(PeerStream c) {
        relay();
    }

    @Override
    public void onPeerTimeout(PeerStream c, Termination why) {
        cut(Termination.CLIENT_TUNNEL_IDLE, Level.INFO);
    }

    // ---- the client

    @Override
    public void onRequestBodyReadable(Exchange of) {
        clientEnd.readable();
        relay();
    }

    @Override
    public void onClientWritable(Exchange of) {
        clientEnd.returned();
        relay();
    }

    @Override
    public void onClientGone(Exchange of) {
        if (open) {
            // What the target got must not pass for all there was to come.
            connection.endsByReset();
        }
        finish();
    }

    // ---- the relay

    private void isAlive() {
        connection.deadline(plan.shared.ctx.clock.nowNs() + plan.idleTimeoutNs);
    }

    /** Goes on in the next turn of the loop. */
    private void later() {
        plan.shared.ctx.loop.atNextTurn(this);
    }

    @Override
    public boolean markQueued() {
        boolean first = !queued;
        queued = true;
        return first;
    }

    @Override
    public void clearQueued() {
        queued = false;
    }

    @Override
    public void endOfTurn() {
        relay();
    }

    private void relay() {
        if (!open) {
            return;
        }
        Flow.Step upward = up.pump();
        Flow.Step downward = down.pump();
        if (up.total() + down.total() != moved) {
            moved = up.total() + down.total();
            isAlive();
        }
        if (upward == Flow.Step.SOURCE_BROKEN) {
            // The stream has seen it first, and ends the exchange by itself.
            onClientGone(x);
        } else if (upward == Flow.Step.NO_MEMORY || downward == Flow.Step.NO_MEMORY) {
            cut(Termination.WORKER_OVERLOAD, Level.ERROR);
        } else if (downward == Flow.Step.ENDED) {
            Exchange ended = x;
            finish();
            ended.client.endResponse();
        } else if (downward == Flow.Step.SOURCE_BROKEN) {
            cut(Termination.UPSTREAM_RESET, Level.INFO);
        } else if (upward == Flow.Step.SINK_BROKEN) {
            // It may have left last words.
            up.stop();
            connection.lookForLastWords();
            later();
        } else if (upward == Flow.Step.PAUSED || downward == Flow.Step.PAUSED) {
            later();
        }
    }

    // ---- ends

    private void refuse(int status, String what) {
        plan.shared.lines.log(x, Level.INFO, what, null);
        answer(status);
    }

    /** No connection could be made. */
    private void fail(Termination why, String what) {
        x.upstreamError = why;
        plan.shared.lines.log(x, Level.ERROR, what, null);
        x.terminate(why);
        answer(why == Termination.UPSTREAM_CONNECT_TIMEOUT ? 504
                : why.side() == Termination.Side.WORKER ? 503 : 502);
    }

    private void answer(int status) {
        Exchange answered = x;
        finish();
        answered.state = ExchangeState.SENDING_RESPONSE;
        Answers.status(answered, status);
    }

    /** The tunnel ends too early: the client must be able to tell. */
    private void cut(Termination why, Level level) {
        plan.shared.lines.log(x, level, why.sentence(), null);
        x.upstreamError = why.side() == Termination.Side.UPSTREAM ? why : null;
        Exchange ended = x;
        finish();
        ended.client.abort(why);
    }

    private void finish() {
        x.responder = Responder.NONE;
        x = null;
        open = false;
        up.end();
        down.end();
        if (lookup != null) {
            lookup.cancel();
            lookup = null;
        }
        UpstreamConnection left = connection;
        if (left != null) {
            connection = null;
            left.discard();
        }
    }
}
