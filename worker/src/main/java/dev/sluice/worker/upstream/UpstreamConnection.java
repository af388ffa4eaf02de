package dev.sluice.worker.upstream;

import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.worker.loop.SocketHandle;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A connection to a peer: made, used by one exchange at a time, kept, closed. It moves bytes
 * between the kernel and its user's memory and holds none itself. Reused for other peers after it
 * was closed; {@link UpstreamState} has its diagram.
 *
 * <p>Owner: event loop.
 */
public final class UpstreamConnection extends SocketHandle {

    /** How {@link Connector#open} went. */
    public enum Opened {
        /** Established at once. */
        CONNECTED,
        /** The user will be told. */
        PENDING,
        /** {@link Connector#failure} says why. */
        FAILED
    }

    private final Connector connector;
    private UpstreamState state = UpstreamState.CLOSED;
    private Peer peer;
    private ConnectionUser user;
    private PeerAddresses addresses;
    private int addressIndex;
    private int addressesTried;
    private long addressTimeoutNs;
    private int requestCount;
    private boolean writeFailed;
    /** Written by the pool. */
    UpstreamConnection newer;
    UpstreamConnection older;
    long idleSinceNs;

    UpstreamConnection(Connector connector) {
        super(connector.ctx);
        this.connector = connector;
    }

    public UpstreamState state() {
        return state;
    }

    public Peer peer() {
        return peer;
    }

    public void become(UpstreamState next) {
        assert state.mayBecome(next) : state + " to " + next;
        state = next;
    }

    /** Whether an earlier exchange has used this connection, so that the peer may have left it. */
    public boolean reused() {
        return requestCount > 1;
    }

    // ---- connecting

    Opened open(Peer to, ConnectionUser by, long timeoutNs) {
        become(UpstreamState.CONNECTING);
        peer = to;
        user = by;
        requestCount = 1;
        writeFailed = false;
        addresses = to.addresses();
        addressIndex = addresses.preferred();
        addressesTried = 0;
        // A peer that is only its first address should not use up the time of the others.
        addressTimeoutNs = timeoutNs / addresses.count();
        return nextAddress();
    }

    private Opened nextAddress() {
        while (addressesTried < addresses.count()) {
            if (addressesTried > 0) {
                addressIndex = (addressIndex + 1) % addresses.count();
            }
            addressesTried++;
            Opened outcome = connect(addresses.socketAddress(addressIndex));
            if (outcome != Opened.FAILED) {
                return outcome;
            }
        }
        become(UpstreamState.CLOSED);
        return Opened.FAILED;
    }

    private Opened connect(SocketAddress to) {
        LinuxSocket fresh;
        try {
            fresh = to instanceof DomainSocketAddress
                    ? LinuxSocket.newSocketDomain() : LinuxSocket.newSocketStream(isIpv6(to));
        } catch (ChannelException e) {
            connector.failure = ConnectFailure.noSocket(String.valueOf(e.getCause()));
            return Opened.FAILED;
        }
        boolean done;
        try {
            if (to instanceof InetSocketAddress) {
                fresh.setTcpNoDelay(true);
            }
            done = fresh.connect(to);
        } catch (IOException e) {
            connector.failure = ConnectFailure.of(e);
            closeQuietly(fresh);
            return Opened.FAILED;
        }
        if (!attach(fresh, !done)) {
            connector.failure = ConnectFailure.noSocket("epoll refused it");
            return Opened.FAILED;
        }
        if (!done) {
            ctx.timers.set(this, ctx.clock.nowNs() + addressTimeoutNs);
            return Opened.PENDING;
        }
        established();
        return Opened.CONNECTED;
    }

    private static boolean isIpv6(SocketAddress to) {
        return ((InetSocketAddress) to).getAddress() instanceof Inet6Address;
    }

    private void closeQuietly(LinuxSocket fresh) {
        try {
            fresh.close();
        } catch (IOException e) {
            connector.failure = ConnectFailure.of(e);
        }
    }

    private void established() {
        addresses.prefer(addressIndex);
        peer.counters.add(PeerCounterId.CONNECTS, 1);
    }

    private void finishConnect() {
        try {
            socket().finishConnect();
        } catch (IOException e) {
            connector.failure = ConnectFailure.of(e);
            addressFailed();
            return;
        }
        ctx.timers.pause(this);
        disarmWritable();
        established();
        user.onConnected(this);
    }

    private void addressFailed() {
        closeSocket();
        ConnectionUser waiting = user;
        switch (nextAddress()) {
            case CONNECTED -> waiting.onConnected(this);
            case PENDING -> { }
            case FAILED -> {
                free();
                waiting.onConnectFailed(connector.failure);
            }
        }
    }

    // ---- in use

    /** The pool has handed this connection over. */
    void takenBy(ConnectionUser by) {
        assert state == UpstreamState.IDLE;
        user = by;
        requestCount++;
    }

    @Override
    protected void onReady() {
        switch (state) {
            case CONNECTING -> {
                if (writable) {
                    finishConnect();
                }
            }
            case SENDING, READING_HEAD, STREAMING -> user.onPeerReady(this);
            case IDLE -> {
                // The end of the connection, or bytes nobody asked for: both end it.
                if (readable) {
                    peer.idle.remove(this);
                    discard();
                }
            }
            case CLOSED -> { }
        }
    }

    public boolean canRead() {
        return readable;
    }

    public boolean canWrite() {
        return writable;
    }

    /** As {@link SocketHandle#recv}; into memory of the caller. */
    public int read(long address, int from, int limit) {
        int count = recv(address, from, limit);
        if (count > 0) {
            peer.counters.add(PeerCounterId.BYTES_RECEIVED, count);
        }
        return count == WOULD_BLOCK && writeFailed ? BROKEN : count;
    }

    /** As {@link SocketHandle#send}; from memory of the caller, lent until return. */
    public int write(long address, int from, int limit) {
        int count = send(address, from, limit);
        if (count > 0) {
            peer.counters.add(PeerCounterId.BYTES_SENT, count);
        }
        if (count >= 0 && count < limit - from) {
            armWritable();
        }
        return count;
    }

    /** Output rests: no event is wanted for it. */
    public void allWritten() {
        disarmWritable();
    }

    /** A write has failed: reading on tells whether the peer left an answer behind. */
    public void lookForLastWords() {
        readable = true;
        hungUp = true;
        writeFailed = true;
    }

    /**
     * Asks the kernel whether an idle connection is alive: for requests that must not be sent
     * twice. Any byte that is there was not asked for.
     */
    public boolean isQuiet() {
        return recv(connector.scratchAddress, 0, 1) == WOULD_BLOCK;
    }

    /** Calls {@link ConnectionUser#onPeerTimeout} when nothing moves it until then. */
    public void deadline(long atNs) {
        ctx.timers.set(this, atNs);
    }

    /** Nothing is waited for from the peer. */
    public void noDeadline() {
        ctx.timers.pause(this);
    }

    @Override
    protected void onDeadline(long nowNs) {
        switch (state) {
            case CONNECTING -> {
                connector.failure = ConnectFailure.timedOut();
                addressFailed();
            }
            case SENDING -> user.onPeerTimeout(this, Termination.UPSTREAM_SEND_TIMEOUT);
            case READING_HEAD, STREAMING ->
                    user.onPeerTimeout(this, Termination.UPSTREAM_READ_TIMEOUT);
            case IDLE, CLOSED -> { }
        }
    }

    // ---- after use

    /** Whether the address it was made to is one of these; if so, it goes by them from now on. */
    boolean leadsTo(PeerAddresses now) {
        if (now != addresses) {
            int index = now == null ? -1 : now.indexOf(addresses.socketAddress(addressIndex));
            if (index < 0) {
                return false;
            }
            addresses = now;
            addressIndex = index;
        }
        return true;
    }

    /** The exchange is over and nothing of it is left on the wire: the pool may keep it. */
    public void keep() {
        user = null;
        // A socket that may hold more bytes is not clean; most likely it is its end.
        if (readable || hungUp || requestCount >= peer.keepaliveRequests
                || !leadsTo(peer.addresses())) {
            discard();
            return;
        }
        ctx.timers.pause(this);
        become(UpstreamState.IDLE);
        peer.idle.put(this);
    }

    /** Closes it; the object is free for another connection. */
    public void discard() {
        assert newer == null && older == null;
        closeSocket();
        if (state != UpstreamState.CLOSED) {
            become(UpstreamState.CLOSED);
            free();
        }
    }

    private void free() {
        user = null;
        peer = null;
        addresses = null;
        connector.free(this);
    }

    /** The loop is torn down. */
    @Override
    public void close() {
        closeSocket();
    }
}
