package dev.sluice.worker.stream;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.linux.Errno;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.proxyprotocol.ProxyFront;
import dev.sluice.worker.tls.ClientHello;
import dev.sluice.worker.tls.TlsFront;
import dev.sluice.worker.tls.TlsOpening;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * What comes first on a connection of a stream: the header of a trusted proxy, who may come, and
 * either the handshake or a look at the hello of somebody else's. One for all sessions.
 *
 * <p>Owner: event loop.
 */
final class SessionOpening {

    private static final long NS_PER_MS = 1_000_000L;
    private static final int ADDRESS_BYTES_MAX = 128;
    /** What nginx looks at, too (preread_buffer_size): longer than any hello in earnest. */
    private static final int HELLO_BYTES_MAX = 16 * 1024;
    /** A hello may be cut into records, each with a header. */
    private static final int SEEN_BYTES_MAX = HELLO_BYTES_MAX + 512;

    /** What one session keeps of it. */
    static final class Part {
        private TlsOpening handshake;
    }

    private final Streams shared;
    /** Null when no address speaks TLS. */
    private final TlsFront tls;
    /** Null when no address expects a PROXY header. */
    private final ProxyFront proxies;
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer address = ByteBuffer.allocateDirect(ADDRESS_BYTES_MAX);
    /** Null until somebody looks at a hello. */
    private ByteBuffer seen;
    private ClientHello hello;

    SessionOpening(Streams shared, TlsFront tls, ProxyFront proxies) {
        this.shared = shared;
        this.tls = tls;
        this.proxies = proxies;
    }

    void begin(StreamSession s) {
        s.become(SessionState.OPENING);
        if (proxies != null && proxies.expects(s.client.listenIndex())) {
            wait(s, s.plan.headerNs);
        } else {
            admit(s);
        }
    }

    private void wait(StreamSession s, long timeoutNs) {
        shared.ctx.timers.set(s, shared.ctx.clock.nowNs() + timeoutNs);
    }

    /** The socket has become ready. */
    void advance(StreamSession s) {
        switch (s.state()) {
            case OPENING -> readHeader(s);
            case HANDSHAKE -> shakeHands(s);
            case PREREAD -> look(s);
            default -> throw new AssertionError(s.state());
        }
    }

    private void readHeader(StreamSession s) {
        sink.reset(address, 0, ADDRESS_BYTES_MAX);
        s.client.socketAddress(sink);
        if (!proxies.trusts(s.client.listenIndex(), address, sink.position())) {
            refuse(s, "PROXY header refused: sent by an address that is not in set_real_ip_from");
            return;
        }
        int length = proxies.look(s.fdNumber());
        if (length == ProxyFront.FAILED || length == ProxyFront.WAITING && s.hasHungUp()) {
            refuse(s, "PROXY header refused: " + (length == ProxyFront.FAILED
                    ? proxies.failure() : "the connection ended"));
        } else if (length > 0) {
            s.client.proxied(proxies.ends());
            s.skip(proxies.memory(), length);
            admit(s);
        }
    }

    private void admit(StreamSession s) {
        if (!s.plan.admits(s.exchange)) {
            s.log(Level.WARN, "access forbidden by rule", null);
            s.end(Termination.CLIENT_DENIED);
        } else if (shared.isSecure(s.client.listenIndex())) {
            s.become(SessionState.HANDSHAKE);
            s.opening.handshake = tls.open(s.client.listenIndex(), s.raw(),
                    () -> shakeHands(s));
            wait(s, tls.handshakeTimeoutMs() * NS_PER_MS);
            shakeHands(s);
        } else if (s.plan.prereadNs > 0) {
            s.become(SessionState.PREREAD);
            wait(s, s.plan.prereadNs);
            look(s);
        } else {
            s.choosePeer();
        }
    }

    private void shakeHands(StreamSession s) {
        switch (s.opening.handshake.advance()) {
            case WAITING -> { }
            case DONE -> encrypted(s);
            case PLAIN -> handshakeFailed(s, "the client does not speak TLS");
            case FAILED -> handshakeFailed(s, s.opening.handshake.failure());
        }
    }

    private void encrypted(StreamSession s) {
        TlsFacts facts = s.opening.handshake.facts();
        s.client.encrypted(facts);
        s.encrypted(s.opening.handshake.takeLink());
        release(s.opening);
        if (s.exchange.steps != null) {
            s.exchange.steps.step(s.exchange, "TLS handshake done", facts.protocol());
        }
        shared.ctx.counters.add(facts.resumed() ? CounterId.TLS_HANDSHAKES_RESUMED
                : CounterId.TLS_HANDSHAKES_FULL, 1);
        if (facts.refusal() != 0) {
            shared.ctx.counters.add(CounterId.TLS_CLIENTS_REFUSED, 1);
            s.log(Level.WARN, "the certificate of the client is missing or not accepted", null);
            s.end(Termination.CLIENT_DENIED);
        } else {
            s.choosePeer();
        }
    }

    private void handshakeFailed(StreamSession s, String why) {
        shared.ctx.counters.add(CounterId.TLS_HANDSHAKES_FAILED, 1);
        refuse(s, "TLS handshake failed: " + why);
    }

    /** The bytes stay where the kernel has them, for whoever answers the hello. */
    private void look(StreamSession s) {
        if (seen == null) {
            seen = ByteBuffer.allocateDirect(SEEN_BYTES_MAX);
            hello = new ClientHello(HELLO_BYTES_MAX);
        }
        long count = Libc.peek(s.fdNumber(), MemorySegment.ofBuffer(seen).address(),
                SEEN_BYTES_MAX);
        if (count == -Errno.EAGAIN) {
            return;
        }
        if (count < 0) {
            s.end(Termination.CLIENT_RESET);
        } else if (count == 0) {
            s.end(Termination.CLIENT_CLOSED);
        } else {
            ClientHello.Verdict verdict = hello.parse(seen, (int) count);
            if (verdict == ClientHello.Verdict.NEED_MORE && count < SEEN_BYTES_MAX
                    && !s.hasHungUp()) {
                return;
            }
            if (verdict == ClientHello.Verdict.COMPLETE) {
                s.client.preread(hello.name());
            }
            s.choosePeer();
        }
    }

    void timedOut(StreamSession s) {
        s.log(Level.INFO, "the client took too long", null);
        s.end(Termination.CLIENT_HEAD_TIMEOUT);
    }

    private static void refuse(StreamSession s, String why) {
        s.log(Level.INFO, why, null);
        s.end(Termination.CLIENT_PROTOCOL_ERROR);
    }

    void release(Part part) {
        if (part.handshake != null) {
            part.handshake.release();
            part.handshake = null;
        }
    }
}
