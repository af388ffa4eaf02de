package dev.sluice.worker.boot;

import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.WarmUpConfig;
import dev.sluice.common.config.WorkerImage;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.flight.FlightWriter;
import dev.sluice.common.log.Level;
import dev.sluice.worker.accesslog.WorkerLogs;
import dev.sluice.worker.limit.Limits;
import dev.sluice.worker.loop.FlightRecorder;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.upstream.Peer;
import dev.sluice.worker.upstream.SharedPeers;
import java.io.IOException;
import java.util.SplittableRandom;

/**
 * Lets a worker serve itself before it serves anybody, so that no client meets code that is not
 * compiled yet. It drives a {@link DataPath} of its own, on the worker's loop and with the worker's
 * slabs, from both ends: {@link WarmUpClients} ask, {@link WarmUpPeer} answers what is proxied.
 * That data path has counters and logs that nobody sees, and is thrown away at the end.
 *
 * <pre>
 *   WarmUpClients ──► DataPath (Downstreams, Dispatcher, ProxyExchange ...) ──► WarmUpPeer
 * </pre>
 *
 * Both ends are looked at once in each turn of the loop, which hears its master meanwhile.
 *
 * <p>Owner: event loop.
 */
final class WarmUp implements Runnable {

    /** What is under way at the end is given this long before it is cut. */
    private static final long LAST_ANSWERS_MS = 50;
    private static final long NS_PER_MS = 1_000_000L;
    private static final int FLIGHT_RECORDS = 64;

    private final LoopContext ctx;
    private final WarmUpSite site;
    private final long limitNs;
    private final Runnable done;
    private final long startNs;
    private final Levelling levelling;
    private WorkerLogs logs;
    private DataPath path;
    private WarmUpPeer peer;
    private WarmUpClients clients;
    private boolean ending;
    private boolean ended;

    /**
     * @param worker whose loop and slabs are used, and whose log tells how it went
     * @param limitMs it takes no longer than this, and the last answers
     * @param done run on the loop at the end, whether it went well or not
     */
    WarmUp(LoopContext worker, WorkerImage image, long limitMs, Runnable done) {
        this.ctx = worker;
        this.site = WarmUpSite.of(image.warmUp(), image.config());
        this.limitNs = limitMs * NS_PER_MS;
        this.done = done;
        this.startNs = worker.clock.preciseNs();
        this.levelling = new Levelling(startNs);
    }

    /**
     * Begins; the rest happens in the turns that follow.
     *
     * @param unseen counters that nobody reads, with room for one server and one peer
     */
    void start(CounterWriter unseen) {
        try {
            logs = WorkerLogs.discarding(site.config(), unseen, SystemClock.INSTANCE, ctx.slot);
            LoopContext alone = new LoopContext(ctx.loop, ctx.slabs, unseen, logs.errorLog(),
                    ctx.slot, ctx.generation);
            if (ctx.flight != null) {
                alone.flight = new FlightRecorder(FlightWriter.inMemory(FLIGHT_RECORDS),
                        ctx.clock, 0, null);
            }
            path = new DataPath(site.config(), new HandedFiles(), alone, logs,
                    SharedPeers.alone(site.config()), Limits.Zones.NONE, x -> { });
            // Not to be guessed: nobody else takes it before.
            String name = "\0sluice-warm-up-" + ProcessHandle.current().pid() + "-"
                    + Long.toHexString(new SplittableRandom().nextLong());
            if (!site.config().upstreams().isEmpty()) {
                peer = new WarmUpPeer(name + "-peer");
                for (Peer one : path.upstreams.upstream(WarmUpConfig.UPSTREAM).peers()) {
                    one.resolvedToUnix(name + "-peer");
                }
            }
            clients = new WarmUpClients(name + "-client", path.downstreams, site.requests());
            ctx.loop.onTurn(path.gauges);
            ctx.loop.execute(this);
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Once a turn, between its events and the sending of what they gathered. */
    @Override
    public void run() {
        if (ended) {
            return;
        }
        try {
            if (peer != null) {
                peer.turn();
            }
            if (!ending) {
                clients.turn();
                endWhenWarm();
            }
            ctx.loop.execute(this);
        } catch (IOException e) {
            failed(e);
        }
    }

    private void endWhenWarm() {
        long nowNs = ctx.clock.nowNs();
        if (nowNs - startNs >= limitNs || levelling.isLevel(nowNs, clients.answerCount())) {
            ending = true;
            clients.close();
            path.downstreams.drain(LAST_ANSWERS_MS, true, this::clientsGone);
        }
    }

    private void clientsGone() {
        path.upstreams.closeIdle();
        if (ctx.log.enabled(Level.INFO)) {
            ctx.log.log(Level.INFO, "warmed up in "
                    + (ctx.clock.preciseNs() - startNs) / NS_PER_MS + " ms by "
                    + clients.answerCount() + " requests to itself");
        }
        end();
    }

    /** Without a warm-up the first clients wait some milliseconds: no reason not to serve them. */
    private void failed(IOException e) {
        ctx.log.log(Level.WARN, "the warm-up has failed: " + e.getMessage());
        end();
    }

    private void end() {
        ended = true;
        if (peer != null) {
            peer.close();
        }
        if (clients != null) {
            clients.close();
        }
        if (logs != null) {
            logs.close();
        }
        done.run();
    }

    int answerCount() {
        return clients.answerCount();
    }
}
