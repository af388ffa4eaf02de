package dev.sluice.worker.stream;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ExchangeState;
import dev.sluice.worker.linux.PipePool;
import dev.sluice.worker.loop.SocketHandle;
import dev.sluice.worker.loop.TurnEnd;
import dev.sluice.worker.relay.Flow;
import dev.sluice.worker.relay.RelayEnd;
import dev.sluice.worker.tls.TlsLink;
import dev.sluice.worker.tls.TransportSocket;
import io.netty.channel.unix.Socket;

/**
 * A connection of a stream, from accept to close: the client's end, and what is done with both.
 * States and their arrows stand in {@link SessionState}; what comes before a peer is chosen is the
 * {@link SessionOpening}'s business.
 *
 * <p>Owner: event loop.
 */
final class StreamSession extends TransportSocket
        implements TurnEnd, RelayEnd, StreamClient.Owner {

    final StreamClient client = new StreamClient(this, "TCP");
    final Exchange exchange;
    private final Streams shared;
    private final SessionPeer peer;
    private final Flow up;
    private final Flow down;
    private SessionState state = SessionState.CLOSED;
    StreamPlan plan;
    /** The last time that bytes went anywhere. */
    private long movedNs;
    private long movedBytes;
    private boolean queued;
    private boolean postponed;
    /** What the present opening needs; it belongs to that. */
    final SessionOpening.Part opening = new SessionOpening.Part();
    /** Place in the list of open sessions; written by it. */
    int openIndex;

    StreamSession(Streams shared) {
        super(shared.ctx);
        this.shared = shared;
        this.exchange = new Exchange(ctx, shared.noRequest, client, null);
        this.peer = new SessionPeer(this, shared.connector);
        this.up = new Flow(ctx.slabs);
        this.down = new Flow(ctx.slabs);
    }

    /** @return false when the loop refused the socket, which is closed then */
    boolean open(Socket socket, byte[] address, int listenIndex, long serial,
            StreamPlan by) {
        assert state == SessionState.CLOSED;
        plan = by;
        client.begin(address, listenIndex, serial);
        return attach(socket, false);
    }

    /** It is among the open ones: from here on it may end. */
    void begin() {
        exchange.begin(ctx.clock.nowNs(), ctx.clock.nowMs());
        shared.begins(exchange, plan);
        shared.opening.begin(this);
    }

    /** The last time that bytes went anywhere, or it began. */
    long movedNs() {
        return state == SessionState.RELAYING ? movedNs : exchange.startNs;
    }

    long bytesIn() {
        return state == SessionState.RELAYING ? up.total() : 0;
    }

    long bytesOut() {
        return state == SessionState.RELAYING ? down.total() : 0;
    }

    SessionState state() {
        return state;
    }

    void become(SessionState next) {
        assert state.mayBecome(next) : state + " to " + next;
        state = next;
    }

    @Override
    protected void onReady() {
        switch (state) {
            case OPENING, HANDSHAKE, PREREAD -> shared.opening.advance(this);
            case RELAYING -> relay();
            // What has come is read when there is somebody to read it.
            case CONNECTING, CLOSED -> { }
        }
    }

    /** Nothing is to be waited for any more before a peer is chosen. */
    void choosePeer() {
        become(SessionState.CONNECTING);
        exchange.state = ExchangeState.CONNECTING;
        ctx.timers.pause(this);
        Forward forward = plan.forward(exchange);
        if (forward == null) {
            exchange.upstreamError = Termination.UPSTREAM_UNKNOWN;
            log(Level.ERROR, Termination.UPSTREAM_UNKNOWN.sentence() + ": \""
                    + plan.chosen(exchange) + "\"", null);
            end(Termination.UPSTREAM_UNKNOWN);
            return;
        }
        peer.begin(forward);
    }

    /** The peer is there. */
    void connected() {
        become(SessionState.RELAYING);
        exchange.state = ExchangeState.TUNNEL;
        PipePool pipes = plan.config.splice() && tls == null && !peer.encrypted()
                ? shared.pipes() : null;
        up.begin(this, peer, pipes);
        down.begin(peer, this, pipes);
        movedBytes = 0;
        movedNs = ctx.clock.nowNs();
        ctx.timers.set(this, movedNs + plan.timeoutNs);
        relay();
    }

    void peerReady() {
        if (state == SessionState.RELAYING) {
            relay();
        }
    }

    private void relay() {
        flushRecords();
        Flow.Step upward = up.pump();
        Flow.Step downward = down.pump();
        if (up.total() + down.total() != movedBytes) {
            movedBytes = up.total() + down.total();
            movedNs = ctx.clock.nowNs();
        }
        if (upward == Flow.Step.SINK_BROKEN) {
            // It may have left last words.
            up.stop();
        }
        Termination end = judge(upward, downward);
        if (end != null) {
            end(end);
        } else if ((upward == Flow.Step.PAUSED || downward == Flow.Step.PAUSED) && !postponed) {
            postponed = true;
            ctx.loop.atNextTurn(this);
        }
    }

    /**
     * Whether this is the end, and why; null when it goes on. A side with TLS has ended in both
     * directions when it has ended in one: nothing can be written to it any more.
     */
    private Termination judge(Flow.Step upward, Flow.Step downward) {
        if (upward == Flow.Step.NO_MEMORY || downward == Flow.Step.NO_MEMORY) {
            return Termination.WORKER_OVERLOAD;
        }
        boolean clientEnded = upward == Flow.Step.ENDED;
        boolean peerEnded = downward == Flow.Step.ENDED;
        if (clientEnded && peerEnded || clientEnded && tls != null
                || peerEnded && peer.encrypted()) {
            return Termination.DONE;
        }
        if (upward == Flow.Step.SOURCE_BROKEN || downward == Flow.Step.SINK_BROKEN) {
            return Termination.CLIENT_RESET;
        }
        return downward == Flow.Step.SOURCE_BROKEN || peerEnded && up.isEnded()
                ? Termination.UPSTREAM_RESET : null;
    }

    @Override
    public void endOfTurn() {
        postponed = false;
        if (state == SessionState.RELAYING) {
            relay();
        }
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
    protected void onDeadline(long nowNs) {
        if (state != SessionState.RELAYING) {
            shared.opening.timedOut(this);
        } else if (nowNs - movedNs >= plan.timeoutNs) {
            end(Termination.CLIENT_TUNNEL_IDLE);
        } else {
            ctx.timers.set(this, movedNs + plan.timeoutNs);
        }
    }

    // ---- the end

    /** Ends both sides, counts the session and writes its line; once. */
    @Override
    public void end(Termination why) {
        if (state == SessionState.CLOSED) {
            return;
        }
        exchange.terminate(why);
        exchange.status = SessionEnd.status(why, state);
        boolean relayed = state == SessionState.RELAYING;
        if (relayed && why != Termination.DONE) {
            log(SessionEnd.level(why), why.sentence(), exchange.upstreamAddress);
        }
        // Before the sockets are closed: variables ask them for their addresses.
        exchange.end();
        plan.log(exchange);
        state = SessionState.CLOSED;
        up.end();
        down.end();
        boolean cut = relayed && why != Termination.DONE && why != Termination.CLIENT_TUNNEL_IDLE;
        peer.end(cut && tls == null);
        shared.opening.release(opening);
        endTls(!cut);
        if (cut && why != Termination.CLIENT_RESET) {
            resetSocket();
        } else {
            closeSocket();
        }
        shared.closed(this);
    }

    /** The worker has no more time, or the loop is torn down. */
    @Override
    public void close() {
        end(Termination.WORKER_SHUTDOWN);
    }

    /** @param upstream null when there is none yet */
    void log(Level level, String what, String upstream) {
        shared.log(level, this, what, upstream);
    }

    // ---- the client's end

    void encrypted(TlsLink link) {
        tls = link;
        allWritten();
    }

    @Override
    public Socket openSocket() {
        return socket();
    }

    @Override
    public int read(Slab into, int from, int limit) {
        int count = readPlain(into, from, limit);
        if (count > 0) {
            movedFrom(count);
        }
        return count;
    }

    @Override
    public int write(Slab source, int from, int limit) {
        int count = writePlain(source, from, limit);
        if (count > 0) {
            movedTo(count);
        }
        return count;
    }

    @Override
    public boolean encrypted() {
        return tls != null;
    }

    @Override
    public SocketHandle socketHandle() {
        return this;
    }

    @Override
    public void movedFrom(long count) {
        exchange.requestBytes += count;
        ctx.counters.add(CounterId.BYTES_RECEIVED, count);
    }

    @Override
    public void movedTo(long count) {
        exchange.bytesSent += count;
        ctx.counters.add(CounterId.BYTES_SENT, count);
    }
}
