package dev.sluice.worker.upstream;

import dev.sluice.common.config.HealthCheckConfig;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.Termination;
import dev.sluice.common.log.Level;
import dev.sluice.common.zones.PeerTable;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.ResponseHead;
import dev.sluice.worker.loop.Timed;
import java.nio.charset.StandardCharsets;

/**
 * The checks of one peer, one after the other: a connection of its own, one request, as much of the
 * answer as is needed, the end. Runs only in the worker that makes the checks.
 *
 * <pre>
 *   STOPPED ──start──► WAITING ──its time has come──► ASKING
 *      ▲                  ▲                             │ answer, failure or timeout
 *      └────── stop ──────┴─────────────────────────────┘
 * </pre>
 *
 * <p>Owner: event loop.
 */
final class PeerCheck extends Timed implements ConnectionUser, HeadTaker {

    private static final long NS_PER_MS = 1_000_000L;
    private static final int FIELDS_MAX = 100;
    /** The PROXY protocol (proxy-protocol.txt, 2.1 and 2.2) without an address. */
    private static final byte[] PROXY_UNKNOWN =
            "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PROXY_LOCAL = {
        '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n', 0x20, 0, 0, 0};

    /** What goes on. */
    private enum State {
        /** Another worker makes the checks. */
        STOPPED,
        /** Between two checks. */
        WAITING,
        /** A check is under way. */
        ASKING
    }

    private final HealthChecks checks;
    private final Upstream upstream;
    private final Peer peer;
    private final Transport transport;
    private final HealthCheckConfig config;
    private final CheckReply reply;
    private State state = State.STOPPED;
    private PeerStream connection;
    private byte[] request;
    private int sent;
    private boolean countedDown;
    private final GrpcHealth grpc = new GrpcHealth();
    /** For answers in frames; null until there is one. */
    private ResponseHead head;

    PeerCheck(HealthChecks checks, Upstream upstream, Peer peer, Transport transport) {
        this.transport = transport;
        this.checks = checks;
        this.upstream = upstream;
        this.peer = peer;
        this.config = upstream.config.healthCheck();
        this.reply = new CheckReply(config);
    }

    /** This worker makes the checks from now on. */
    void start() {
        assert state == State.STOPPED;
        state = State.WAITING;
        countDown(CheckWord.state(peer.row.get(PeerTable.CHECK)) == CheckWord.State.DOWN);
        checks.wait(this, checks.random(config.jitterMs() + 1));
    }

    void stop() {
        drop();
        checks.ctx.timers.clear(this);
        countDown(false);
        state = State.STOPPED;
    }

    private void drop() {
        if (connection != null) {
            connection.discard();
            connection = null;
        }
    }

    private void countDown(boolean down) {
        if (down != countedDown) {
            countedDown = down;
            peer.counters.add(PeerCounterId.CHECKED_DOWN, down ? 1 : -1);
        }
    }

    @Override
    protected void onDeadline(long nowNs) {
        if (state == State.WAITING) {
            begin();
        } else {
            ended("no answer within " + config.timeoutMs() + " ms");
        }
    }

    private void begin() {
        PeerAddresses at = peer.addresses();
        if (at == null) {
            // Its name has no address: there is nobody to ask.
            next();
            return;
        }
        state = State.ASKING;
        reply.clear();
        grpc.clear();
        sent = 0;
        checks.wait(this, config.timeoutMs());
        PeerAddresses target = config.port() == 0 ? at : at.atPort(config.port());
        request = config.tcp() ? null : request(target);
        switch (checks.connector.openOwn(peer, target, checks.unwatched, this,
                transport, config.timeoutMs() * NS_PER_MS)) {
            case PENDING -> connection = checks.connector.opened();
            case CONNECTED -> onConnected(checks.connector.opened());
            case FAILED -> ended(checks.connector.failure().text());
        }
    }

    /** RFC 9112 section 3.2: the host of a unix socket is empty. */
    private byte[] request(PeerAddresses target) {
        String host = config.host() != null ? config.host()
                : peer.config.unixPath() != null ? "" : peer.config.named()
                        ? peer.config.host() : target.text();
        String line = config.grpc() ? "POST " + GrpcHealth.PATH
                : config.method() + " " + config.path();
        String text = line + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: sluice-health-check\r\nConnection: close"
                + (config.grpc() ? "\r\nContent-Type: application/grpc" : "") + "\r\n\r\n";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void onConnected(PeerStream c) {
        connection = c;
        c.noDeadline();
        c.become(UpstreamState.SENDING);
        if (config.tcp()) {
            ended("");
        } else {
            send();
        }
    }

    /** What is asked for comes from us, not from a client: LOCAL, or UNKNOWN in version 1. */
    @Override
    public void writePreface(ByteSink out) {
        out.put(transport.config.proxyProtocol() == 1
                ? PROXY_UNKNOWN : PROXY_LOCAL);
    }

    private void send() {
        Slab slab = checks.ctx.slabs.borrow();
        if (slab == null) {
            notNow();
            return;
        }
        int length = request.length - sent;
        slab.bytes.put(0, request, sent, length);
        int count = transport.isHttp2() ? sendHead(slab) : connection.write(slab, 0, length);
        checks.ctx.slabs.giveBack(slab);
        if (count < 0) {
            ended("connection was reset");
            return;
        }
        sent += count;
        if (sent == request.length) {
            connection.allWritten();
            connection.become(UpstreamState.READING_HEAD);
        }
    }

    /** @return the length of the request, or below zero when it cannot be sent */
    private int sendHead(Slab slab) {
        int outcome = connection.sendHead(
                slab, request.length, !config.grpc(), config.grpc(), this);
        if (outcome != PeerStream.HEAD_SENT) {
            return -1;
        }
        if (config.grpc()) {
            byte[] message = GrpcHealth.request(config.grpcService());
            slab.bytes.put(0, message);
            if (connection.write(slab, 0, message.length) < message.length) {
                return -1;
            }
            connection.endRequest();
        }
        return request.length;
    }

    @Override
    public ResponseHead headToFill() {
        if (head == null) {
            head = new ResponseHead(FIELDS_MAX);
        }
        return head;
    }

    @Override
    public int headBytesMax() {
        return CheckReply.BYTES_MAX;
    }

    @Override
    public int method() {
        return config.grpc() ? Method.POST
                : config.method().equals("HEAD") ? Method.HEAD : Method.GET;
    }

    /** It is this worker that lacks memory: nothing is learnt of the peer. */
    private void notNow() {
        drop();
        next();
    }

    @Override
    public void onConnectFailed(ConnectFailure why) {
        connection = null;
        ended(why.text());
    }

    @Override
    public void onPeerReady(PeerStream c) {
        if (sent < request.length && c.canWrite()) {
            send();
        }
        if (c.takeHead() && !config.grpc()) {
            String line = "HTTP/1.1 " + head.status + " \r\n\r\n";
            byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
            reply.add(bytes, bytes.length);
        }
        while (state == State.ASKING && connection != null && c.canRead()) {
            read(c);
        }
    }

    private void read(PeerStream c) {
        Slab slab = checks.ctx.slabs.borrow();
        if (slab == null) {
            notNow();
            return;
        }
        int count = c.read(slab, 0, Slab.BYTES);
        if (config.grpc()) {
            if (count > 0) {
                grpc.add(slab.bytes, 0, count);
            }
            checks.ctx.slabs.giveBack(slab);
            if (count < 0) {
                ended(c.failure() != null ? c.failure().sentence()
                        : grpc.verdict(head.status, c.trailers(), c.trailersLength()));
            }
            return;
        }
        if (count > 0) {
            byte[] piece = new byte[Math.min(count, reply.room())];
            slab.bytes.get(0, piece);
            reply.add(piece, piece.length);
        } else if (count < 0) {
            reply.end();
        }
        checks.ctx.slabs.giveBack(slab);
        if (reply.verdict() != null) {
            ended(reply.verdict());
        }
    }

    @Override
    public void onPeerTimeout(PeerStream c, Termination why) {
        ended("no answer within " + config.timeoutMs() + " ms");
    }

    /** @param why empty when the check has passed */
    private void ended(String why) {
        drop();
        boolean passed = why.isEmpty();
        peer.counters.add(PeerCounterId.CHECKS, 1);
        peer.counters.add(PeerCounterId.CHECK_FAILURES, passed ? 0 : 1);
        if (peer.resolved()) {
            record(passed, why);
        }
        next();
    }

    private void record(boolean passed, String why) {
        long before = peer.row.get(PeerTable.CHECK);
        long after = CheckWord.after(before, passed, config.rise(), config.fall());
        CheckWord.State was = CheckWord.state(before);
        CheckWord.State is = CheckWord.state(after);
        if (was != is) {
            long nowMs = checks.ctx.clock.nowNs() / NS_PER_MS;
            peer.row.set(PeerTable.CHECK_AT_MS, nowMs);
            if (passed && !CheckWord.allows(before, config.mandatory())) {
                // What starts slowly starts now.
                peer.row.set(PeerTable.UP_SINCE_MS, nowMs);
            }
        }
        peer.row.set(PeerTable.CHECK, after);
        countDown(is == CheckWord.State.DOWN);
        if (was != is) {
            tell(passed, why);
        }
    }

    private void tell(boolean passed, String why) {
        String subject = "peer " + peer.label() + " of upstream " + upstream.name();
        if (passed) {
            checks.ctx.log.log(Level.NOTICE, subject + " is up after " + config.rise()
                    + " health checks");
        } else {
            checks.ctx.log.log(Level.WARN, subject + " is down after " + config.fall()
                    + " failed health checks: " + why);
        }
    }

    private void next() {
        state = State.WAITING;
        checks.wait(this, config.intervalMs() + checks.random(config.jitterMs() + 1));
    }
}
