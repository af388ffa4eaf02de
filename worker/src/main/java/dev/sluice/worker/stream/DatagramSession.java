package dev.sluice.worker.stream;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.linux.Errno;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.loop.SocketHandle;
import dev.sluice.worker.loop.TurnEnd;
import dev.sluice.worker.upstream.Peer;
import dev.sluice.worker.upstream.TriedPeers;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * What one client sends in datagrams, and what its peer answers to a socket that is connected to it
 * alone. The client's own socket is that of the address, which all share. It ends by its time, by
 * the number of answers, or when the peer's host says that nobody is there.
 *
 * <p>Owner: event loop.
 */
final class DatagramSession extends SocketHandle implements TurnEnd, StreamClient.Owner {

    /** One peer may answer so often in a turn. */
    private static final int BATCH = 256;

    final StreamClient client = new StreamClient(this, "UDP");
    final Exchange exchange;
    /** The client's address, as the kernel has it. */
    final byte[] name;
    final StreamPlan plan;
    private final Datagrams shared;
    private final int replyFd;
    private Peer peer;
    private boolean isProbe;
    private boolean answered;
    private boolean ended;
    private boolean queued;
    private long requests;
    private long responses;
    private long movedNs;
    private long timeoutNs;
    /** Links of the table's chain and of the list of all; written by it. */
    DatagramSession next;
    int openIndex;
    /** Place in the table. */
    final int bucket;

    /** @param replyFd the socket that answers go out of */
    DatagramSession(Datagrams shared, StreamPlan plan, byte[] name, int replyFd, int bucket) {
        super(shared.streams.ctx);
        this.bucket = bucket;
        this.shared = shared;
        this.plan = plan;
        this.name = name;
        this.replyFd = replyFd;
        this.exchange = new Exchange(ctx, shared.streams.noRequest, client, null);
    }

    /** Chooses a peer; a session that finds none has ended already. */
    void begin() {
        exchange.begin(ctx.clock.nowNs(), ctx.clock.nowMs());
        shared.streams.begins(exchange, plan);
        timeoutNs = plan.timeoutNs;
        movedNs = ctx.clock.nowNs();
        Forward forward = plan.admits(exchange) ? plan.forward(exchange) : null;
        if (forward == null) {
            end(plan.admits(exchange) ? Termination.UPSTREAM_UNKNOWN : Termination.CLIENT_DENIED);
            return;
        }
        forward.upstream().requestBegins();
        peer = forward.upstream().take(new TriedPeers(), null,
                forward.key() == null ? 0 : forward.key().of(exchange));
        if (peer == null) {
            end(Termination.UPSTREAM_NONE_USABLE);
            return;
        }
        isProbe = forward.upstream().tookProbe();
        exchange.attemptBegins(peer.addressText(), false);
        if (!connect()) {
            failed(Termination.UPSTREAM_UNREACHABLE);
            return;
        }
        peer.counters.add(PeerCounterId.CONNECTS, 1);
        ctx.timers.set(this, movedNs + timeoutNs);
    }

    private boolean connect() {
        if (!(peer.datagramAddress() instanceof InetSocketAddress to)) {
            return false;
        }
        LinuxSocket socket;
        try {
            socket = LinuxSocket.newSocketDgram(to.getAddress() instanceof Inet6Address);
        } catch (ChannelException e) {
            return false;
        }
        try {
            socket.connect(to);
            return attach(socket, false);
        } catch (IOException e) {
            Libc.close(socket.intValue());
            return false;
        }
    }

    /** The last time that a datagram went anywhere, or it began. */
    long movedNs() {
        return movedNs;
    }

    /** Datagrams of the client. */
    long requests() {
        return requests;
    }

    boolean isEnded() {
        return ended;
    }

    /** A datagram of the client, lent until return. */
    void fromClient(long address, int length) {
        moved();
        requests++;
        exchange.requestBytes += length;
        ctx.counters.add(CounterId.BYTES_RECEIVED, length);
        long sent = Libc.send(fdNumber(), address, length, 0, 0);
        if (sent < 0) {
            refused(sent);
            return;
        }
        peer.counters.add(PeerCounterId.BYTES_SENT, length);
        endIfAnswered();
    }

    @Override
    protected void onReady() {
        read();
    }

    private void read() {
        for (int i = 0; i < BATCH && !ended; i++) {
            long length = Libc.receive(
                    fdNumber(), shared.address, Datagrams.BYTES_MAX, 0, 0);
            if (length < 0) {
                refused(length);
                return;
            }
            toClient((int) length);
        }
        if (!ended) {
            ctx.loop.atNextTurn(this);
        }
    }

    private void toClient(int length) {
        moved();
        responses++;
        peer.counters.add(PeerCounterId.BYTES_RECEIVED, length);
        if (!answered) {
            answered = true;
            peer.succeeded(ctx.clock.nowNs() - exchange.startNs);
        }
        if (shared.send(replyFd, length, name) < 0) {
            ctx.counters.add(CounterId.STREAM_DATAGRAMS_DROPPED, 1);
        } else {
            exchange.bytesSent += length;
            ctx.counters.add(CounterId.BYTES_SENT, length);
        }
        endIfAnswered();
    }

    private void moved() {
        movedNs = ctx.clock.nowNs();
    }

    private void endIfAnswered() {
        if (plan.config.responses() >= 0 && responses >= requests * plan.config.responses()) {
            end(Termination.DONE);
        }
    }

    /** The kernel says that there is no room, or what the peer's host has said. */
    private void refused(long error) {
        if (error == -Errno.ECONNREFUSED) {
            failed(Termination.UPSTREAM_REFUSED);
        } else if (error != -Errno.EAGAIN) {
            ctx.counters.add(CounterId.STREAM_DATAGRAMS_DROPPED, 1);
        }
    }

    private void failed(Termination why) {
        exchange.upstreamError = why;
        peer.failed(ctx.clock.nowNs() - exchange.startNs);
        if (ctx.log.enabled(Level.ERROR)) {
            ctx.log.log(Level.ERROR, why.sentence() + " while passing datagrams on, server: "
                    + plan.config.name() + ", upstream: \"" + exchange.upstreamAddress + "\"");
        }
        end(why);
    }

    /** The worker drains: what comes from now on goes to another one, and its own sessions. */
    void hurry(long soonNs) {
        timeoutNs = Math.min(timeoutNs, soonNs);
        ctx.timers.set(this, movedNs + timeoutNs);
    }

    @Override
    protected void onDeadline(long nowNs) {
        if (nowNs - movedNs >= timeoutNs) {
            end(Termination.DONE);
        } else {
            ctx.timers.set(this, movedNs + timeoutNs);
        }
    }

    @Override
    public void end(Termination why) {
        if (ended) {
            return;
        }
        ended = true;
        exchange.terminate(why);
        exchange.status = SessionEnd.status(why,
                why == Termination.DONE ? SessionState.RELAYING : SessionState.CONNECTING);
        exchange.end();
        plan.log(exchange);
        if (peer != null) {
            peer.end(isProbe);
        }
        closeSocket();
        shared.ended(this);
    }

    @Override
    public void close() {
        end(Termination.WORKER_SHUTDOWN);
    }

    @Override
    public Socket openSocket() {
        return new Socket(replyFd);
    }

    @Override
    public void endOfTurn() {
        if (!ended) {
            read();
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
}
