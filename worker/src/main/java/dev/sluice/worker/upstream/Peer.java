package dev.sluice.worker.upstream;

import dev.sluice.common.config.HealthCheckConfig;
import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.config.UpstreamConfig;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.PeerCounters;
import dev.sluice.common.zones.PeerTable;
import dev.sluice.worker.loop.LoopContext;
import java.net.InetAddress;
import java.net.SocketAddress;

/**
 * One configured address of an upstream: its load, its health, its idle connections.
 *
 * <p>Owner: event loop.
 */
public final class Peer {

    static final long NS_PER_MS = 1_000_000L;
    /** Parts of a weight, so that a weight of 1 can grow, too. */
    private static final int WEIGHT_PARTS = 100;

    public final PeerConfig config;
    public final PeerCounters counters;
    final PeerHealth health;
    final PeerRow row;
    private final String name;
    final IdlePool idle;
    final int keepaliveRequests;
    private final LoopContext ctx;
    private final Upstream upstream;
    /** Null when no active check is made. */
    private final HealthCheckConfig check;
    private int weight;
    /** Null while the name has no address. */
    private PeerAddresses addresses;
    /** Null until the first connection of HTTP/2. */
    private Http2Links http2;

    /** @param name its text, or that of its place among the addresses of a name */
    Peer(PeerConfig config, String name, Upstream upstream, LoopContext ctx,
            PeerCounters counters, PeerRow row) {
        UpstreamConfig group = upstream.config;
        this.config = config;
        this.name = name;
        this.upstream = upstream;
        this.ctx = ctx;
        this.counters = counters;
        this.row = row;
        this.health = new PeerHealth(row, config.maxFails(), config.failTimeoutMs());
        row.compareAndSet(PeerTable.UP_SINCE_MS, 0, nowMs());
        this.idle = new IdlePool(ctx, this, group.keepalive(), group.keepaliveTimeoutMs());
        this.weight = config.weight();
        this.check = group.healthCheck();
        this.keepaliveRequests = group.keepaliveRequests();
        if (config.unixPath() != null) {
            addresses = PeerAddresses.unix(config.unixPath());
        } else if (!config.named()) {
            addresses = PeerAddresses.inet(
                    new InetAddress[] {InetAddress.ofLiteral(config.host())}, config.port());
        }
    }

    /** The same in all workers, whatever address it has. */
    public String name() {
        return name;
    }

    /** For log lines: as configured, and the address where that says more. */
    String label() {
        return config.addressesMax() == 0 || addresses == null ? config.text()
                : config.text() + " (" + addresses.text() + ")";
    }

    public boolean resolved() {
        return addresses != null;
    }

    PeerAddresses addresses() {
        return addresses;
    }

    /**
     * The name has been resolved, perhaps anew; requests go there from now on. Those under way
     * elsewhere finish, idle connections to addresses that are gone are closed.
     */
    void resolvedTo(PeerAddresses found) {
        if (addresses == null || !addresses.sameAs(found)) {
            addresses = found;
            idle.closeVanished(found);
            if (http2 != null) {
                http2.retireVanished(found);
            }
        }
    }

    /** The name has no address: no request goes there. */
    void unresolved() {
        addresses = null;
        closeIdle();
    }

    /** Closes connections that are idle now, or will be: the worker drains. */
    void closeIdle() {
        idle.closeAll();
        if (http2 != null) {
            http2.retireAll();
        }
    }

    Http2Links http2() {
        if (http2 == null) {
            http2 = new Http2Links(this);
        }
        return http2;
    }

    /** How long a connection may be idle; 0 for not at all. */
    long keepaliveNs() {
        return idle.keepNs();
    }

    /**
     * Stands for another address from now on. What the workers know of this place is kept if it
     * was learned of the same address.
     */
    void becomes(PeerAddresses fresh, int itsWeight) {
        assert addresses == null;
        addresses = fresh;
        weight = itsWeight;
        long tag = PeerTable.key("", fresh.text());
        long before = row.get(PeerTable.ADDRESS);
        if (before != tag && row.compareAndSet(PeerTable.ADDRESS, before, tag)) {
            row.forget(nowMs());
        }
    }

    /** The address of this place is in no answer any more. */
    void vacate() {
        row.compareAndSet(PeerTable.ADDRESS, PeerTable.key("", addresses.text()), 0);
        unresolved();
    }

    /** Where its datagrams go; null while its name is not resolved. */
    public SocketAddress datagramAddress() {
        return addresses == null ? null : addresses.socketAddress(addresses.preferred());
    }

    /** By the SRV record by which it was found. */
    void weigh(int now) {
        weight = now;
    }

    /**
     * It is reached at a unix socket of this process from now on. Called on the loop.
     *
     * @param path a name that begins with NUL is abstract (unix(7))
     */
    public void resolvedToUnix(String path) {
        resolvedTo(PeerAddresses.unix(path));
    }

    /** Value of {@code $upstream_addr}; as configured while the name is not resolved. */
    public String addressText() {
        return addresses == null ? config.text() : addresses.text();
    }

    private long nowMs() {
        return ctx.clock.nowNs() / NS_PER_MS;
    }

    /** Requests of all workers under way. */
    public int inFlight() {
        return row.inFlight();
    }

    /** How long its answers take; 0 when that is not known. */
    long latencyNs(long nowNs) {
        return row.latencyNs(nowNs);
    }

    /** In parts of its weight; less than all of them while it starts slowly. */
    int weight(long nowNs) {
        int whole = weight * WEIGHT_PARTS;
        long rampMs = config.slowStartMs();
        if (rampMs == 0) {
            return whole;
        }
        long upMs = nowNs / NS_PER_MS - row.get(PeerTable.UP_SINCE_MS);
        return upMs < 0 || upMs >= rampMs ? whole : (int) Math.max(1, whole * upMs / rampMs);
    }

    public int idleCount() {
        return idle.count();
    }

    /** What active checks say; requests must have nothing against it either. */
    private boolean checkAllows() {
        return check == null || CheckWord.allows(row.get(PeerTable.CHECK), check.mandatory());
    }

    /** Whether it could serve if it were not busy. */
    boolean healthy(long nowNs) {
        return !config.down() && addresses != null && checkAllows()
                && health.usable(nowNs / NS_PER_MS);
    }

    /** Whether it serves, however busy it is at the moment. */
    public boolean isServing() {
        return healthy(ctx.clock.nowNs());
    }

    boolean usable(long nowNs) {
        return healthy(nowNs) && !isFull();
    }

    boolean isFull() {
        return config.maxConns() != 0 && row.inFlight() >= config.maxConns();
    }

    // ---- one attempt: begin, then one of succeeded or failed or nothing, then end

    /** A request is to go to this peer; {@link #end} follows unless it is TOO_LATE. */
    PeerHealth.Choice begin(long nowNs) {
        if (!row.reserve(config.maxConns())) {
            return PeerHealth.Choice.TOO_LATE;
        }
        PeerHealth.Choice choice = health.chosen(nowNs / NS_PER_MS);
        if (choice == PeerHealth.Choice.TOO_LATE) {
            row.release();
            return choice;
        }
        counters.add(PeerCounterId.REQUESTS, 1);
        counters.add(PeerCounterId.ACTIVE, 1);
        return choice;
    }

    /**
     * An idle connection of this transport for {@code user}, or a stream of one that is not full;
     * null when there is none.
     */
    public PeerStream takeIdle(ConnectionUser user, Transport transport) {
        if (transport.isHttp2()) {
            Http2Link link = http2 == null ? null : http2.find(transport, false);
            if (link == null) {
                return null;
            }
            counters.add(PeerCounterId.REUSES, 1);
            return link.stream(user);
        }
        UpstreamConnection c = idle.take(transport);
        if (c != null) {
            c.takenBy(user);
            counters.add(PeerCounterId.REUSES, 1);
        }
        return c;
    }

    /** A final response head has come that is not the peer's failure. */
    public void succeeded(long tookNs) {
        long nowNs = ctx.clock.nowNs();
        if (upstream.measures) {
            row.measured(tookNs, nowNs);
        }
        health.succeeded(nowNs / NS_PER_MS);
        upstream.answered();
    }

    /** The attempt failed by the peer's fault. */
    public void failed(long tookNs) {
        counters.add(PeerCounterId.FAILURES, 1);
        long nowNs = ctx.clock.nowNs();
        if (upstream.measures) {
            row.measuredFailure(tookNs, nowNs);
        }
        upstream.attemptFailed(nowNs);
        boolean wasUp = health.state() == PeerHealth.State.UP;
        if (!health.failed(nowNs / NS_PER_MS, upstream.mayEject(this, nowNs))) {
            return;
        }
        if (upstream.tooManyEjected()) {
            health.backUp();
            return;
        }
        counters.add(PeerCounterId.UNAVAILABLE, 1);
        upstream.wentDown(this, health.usableAtMs() - nowNs / NS_PER_MS, wasUp);
    }

    /** The attempt is over, however it went. @param asProbe what {@link #begin} has said */
    public void end(boolean asProbe) {
        row.release();
        counters.add(PeerCounterId.ACTIVE, -1);
        if (asProbe) {
            health.abandoned(nowMs());
        }
    }
}
