package dev.sluice.worker.upstream;

import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.config.UpstreamConfig;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.PeerCounters;
import dev.sluice.worker.loop.LoopContext;
import java.net.InetAddress;

/**
 * One configured address of an upstream: its load, its health, its idle connections.
 *
 * <p>Owner: event loop.
 */
public final class Peer {

    private static final long NS_PER_MS = 1_000_000L;

    public final PeerConfig config;
    public final PeerCounters counters;
    final PeerHealth health;
    final IdlePool idle;
    final int keepaliveRequests;
    private final LoopContext ctx;
    private final Upstream upstream;
    /** Null until the name has been resolved. */
    private PeerAddresses addresses;
    private int inFlight;

    Peer(PeerConfig config, Upstream upstream, UpstreamConfig group, LoopContext ctx,
            PeerCounters counters) {
        this.config = config;
        this.upstream = upstream;
        this.ctx = ctx;
        this.counters = counters;
        this.health = new PeerHealth(config.maxFails(), config.failTimeoutMs() * NS_PER_MS);
        this.idle = new IdlePool(ctx, this, group.keepalive(), group.keepaliveTimeoutMs());
        this.keepaliveRequests = group.keepaliveRequests();
        if (config.unixPath() != null) {
            addresses = PeerAddresses.unix(config.unixPath());
        } else if (HostLookup.isLiteral(config.host())) {
            addresses = PeerAddresses.inet(
                    new InetAddress[] {InetAddress.ofLiteral(config.host())}, config.port());
        }
    }

    public boolean resolved() {
        return addresses != null;
    }

    PeerAddresses addresses() {
        return addresses;
    }

    /** The name has been resolved; requests may go there from now on. */
    void resolvedTo(PeerAddresses found) {
        addresses = found;
    }

    /** Value of {@code $upstream_addr}; as configured while the name is not resolved. */
    public String addressText() {
        return addresses == null ? config.text() : addresses.text();
    }

    public int inFlight() {
        return inFlight;
    }

    public int idleCount() {
        return idle.count();
    }

    /** Whether it could serve if it were not busy. */
    boolean healthy(long nowNs) {
        return !config.down() && addresses != null && health.usable(nowNs);
    }

    boolean usable(long nowNs) {
        return healthy(nowNs) && (config.maxConns() == 0 || inFlight < config.maxConns());
    }

    // ---- one attempt: begin, then one of succeeded or failed or nothing, then end

    /** A request goes to this peer. */
    public void begin() {
        health.chosen(ctx.clock.nowNs());
        inFlight++;
        counters.add(PeerCounterId.REQUESTS, 1);
        counters.add(PeerCounterId.ACTIVE, 1);
    }

    /** An idle connection for {@code user}; null when there is none. */
    public UpstreamConnection takeIdle(ConnectionUser user) {
        UpstreamConnection c = idle.take();
        if (c != null) {
            c.takenBy(user);
            counters.add(PeerCounterId.REUSES, 1);
        }
        return c;
    }

    /** A final response head has come that is not the peer's failure. */
    public void succeeded() {
        health.succeeded();
    }

    /** The attempt failed by the peer's fault. */
    public void failed() {
        counters.add(PeerCounterId.FAILURES, 1);
        long nowNs = ctx.clock.nowNs();
        if (health.failed(nowNs, upstream.isLastUsable(this, nowNs))) {
            counters.add(PeerCounterId.UNAVAILABLE, 1);
            upstream.wentDown(this);
        }
    }

    /** The attempt is over, however it went. */
    public void end() {
        assert inFlight > 0;
        inFlight--;
        counters.add(PeerCounterId.ACTIVE, -1);
        health.abandoned(ctx.clock.nowNs());
    }
}
