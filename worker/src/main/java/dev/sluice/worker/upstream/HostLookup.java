package dev.sluice.worker.upstream;

import dev.sluice.common.log.Level;
import dev.sluice.worker.loop.LoopContext;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Resolves the names of peers on a thread of its own, because the system's resolver may wait for
 * seconds. A name that does not resolve leaves its peer down and is asked for again; the thread
 * ends when all are known.
 *
 * <p>Owner: its own thread; addresses go to the peers through the loop's mailbox.
 */
public final class HostLookup {

    /** Looks a name up; may wait. */
    public interface Resolver {
        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    static final Resolver SYSTEM = InetAddress::getAllByName;
    /** Between two rounds of asking for what is not known yet. */
    private static final long RETRY_MS = 10_000;

    private final LoopContext ctx;
    private final Resolver resolver;
    private final List<Peer> unresolved;
    private final long retryMs;
    private final CountDownLatch firstRound = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    HostLookup(LoopContext ctx, List<Peer> unresolved, Resolver resolver) {
        this(ctx, unresolved, resolver, RETRY_MS);
    }

    HostLookup(LoopContext ctx, List<Peer> unresolved, Resolver resolver, long retryMs) {
        this.ctx = ctx;
        this.unresolved = new ArrayList<>(unresolved);
        this.resolver = resolver;
        this.retryMs = retryMs;
    }

    static boolean isLiteral(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    /** Begins to look up; does nothing when every peer is given by address. */
    public void start() {
        if (unresolved.isEmpty()) {
            firstRound.countDown();
            return;
        }
        Thread thread = new Thread(this::run, "host-lookup");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Waits until every name has been asked for once, so that a worker does not say that it is
     * ready a moment before its peers are.
     *
     * @return false when that took too long
     */
    public boolean awaitFirstRound(long timeoutMs) throws InterruptedException {
        return firstRound.await(timeoutMs, TimeUnit.MILLISECONDS);
    }

    public void stop() {
        stopped.countDown();
    }

    private void run() {
        try {
            do {
                unresolved.removeIf(this::resolve);
                firstRound.countDown();
            } while (!unresolved.isEmpty()
                    && !stopped.await(retryMs, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean resolve(Peer peer) {
        String host = peer.config.host();
        try {
            PeerAddresses found =
                    PeerAddresses.inet(resolver.addressesOf(host), peer.config.port());
            ctx.loop.execute(() -> peer.resolvedTo(found));
            return true;
        } catch (UnknownHostException e) {
            String line = "host name \"" + host + "\" of peer " + peer.config.text()
                    + " does not resolve, the peer is down and asked for again in "
                    + retryMs / 1000 + " s";
            ctx.loop.execute(() -> ctx.log.log(Level.WARN, line));
            return false;
        }
    }
}
