package dev.sluice.worker.listen;

import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.log.Level;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.Timed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All listening sockets of a worker. Accepting stops while there are too many connections or
 * active requests, and for a moment after a failure for lack of resources; the kernel's queue
 * holds the rest.
 *
 * <p>Owner: event loop.
 */
public final class Listeners extends Timed {

    /** Takes an accepted socket over; the address is Netty's form, valid during the call. */
    public interface Acceptor {
        void accepted(int fd, byte[] address, int listenIndex);
    }

    /** Reads datagrams of a socket, as many as there are or as suits; it is level-triggered. */
    public interface Receiver {
        void receive(int fd, int listenIndex);
    }

    private static final long RESOURCE_PAUSE_NS = 100_000_000L;

    private final LoopContext ctx;
    private final Acceptor acceptor;
    /** Null without addresses of datagrams. */
    private Receiver receiver;
    private final Map<String, Integer> indexOfKey = new HashMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final int batchMax;
    private final int connectionsMax;
    private final int activeMax;
    private boolean serving;
    private boolean overloaded;
    private boolean outOfResources;

    public Listeners(LoopContext ctx, SluiceConfig config, Acceptor acceptor) {
        this.ctx = ctx;
        this.acceptor = acceptor;
        this.batchMax = config.events().multiAccept();
        this.connectionsMax = config.events().workerConnections();
        this.activeMax = config.http().maxActiveRequests();
        for (var listen : config.listenAddresses()) {
            indexOfKey.put(listen.key(), indexOfKey.size());
        }
    }

    /** Takes a listening descriptor; it is polled once {@link #serve} has been called. */
    public void add(String key, int fd, int adoptedSlot) {
        Integer index = indexOfKey.get(key);
        Listener listener = new Listener(ctx, this, fd, key, index == null ? -1 : index,
                adoptedSlot);
        if (index == null) {
            ctx.log.log(Level.WARN, "a listener for " + key
                    + " was handed over, which this configuration does not have");
        }
        listeners.add(listener);
        listener.start(ctx.loop, serving && !isPaused() && index != null);
    }

    /** Starts polling. */
    public void serve() {
        serving = true;
        applyPolling();
    }

    /** Stops polling and closes the copies adopted for a slot. */
    public void release(int slot) {
        for (int i = listeners.size() - 1; i >= 0; i--) {
            if (listeners.get(i).adoptedSlot == slot) {
                listeners.remove(i).stop();
            }
        }
    }

    /**
     * Stops polling and closes all copies.
     *
     * @param lastCopies keys of addresses that have no successor: their queues are emptied first
     */
    public void stop(List<String> lastCopies) {
        serving = false;
        overloaded = false;
        outOfResources = false;
        for (Listener listener : listeners) {
            if (lastCopies.contains(listener.key)) {
                listener.acceptAll();
            }
            listener.stop();
        }
        listeners.clear();
    }

    /** Connections or requests have come or gone. */
    public void loadChanged(int connections, int activeRequests) {
        if (!serving) {
            // The queue of a last copy is emptied whatever the load: nobody follows.
            return;
        }
        if (overloaded) {
            // Low-water marks: pausing and resuming must not alternate with every request.
            if (connections <= connectionsMax - connectionsMax / 16
                    && activeRequests <= activeMax - activeMax / 8) {
                overloaded = false;
                applyPolling();
            }
        } else if (connections >= connectionsMax || activeRequests >= activeMax) {
            overloaded = true;
            ctx.counters.add(CounterId.ACCEPT_PAUSES, 1);
            applyPolling();
        }
    }

    void pauseForResources() {
        outOfResources = true;
        ctx.timers.set(this, ctx.clock.nowNs() + RESOURCE_PAUSE_NS);
        applyPolling();
    }

    @Override
    protected void onDeadline(long nowNs) {
        outOfResources = false;
        applyPolling();
    }

    private void applyPolling() {
        if (!serving) {
            return;
        }
        boolean on = !isPaused();
        for (Listener listener : listeners) {
            listener.poll(on);
        }
    }

    boolean isPaused() {
        return overloaded || outOfResources;
    }

    int batchMax() {
        return batchMax;
    }

    /** Who reads datagrams; before the first socket is added. */
    public void datagramsTo(Receiver reader) {
        receiver = reader;
    }

    void datagrams(int fd, int listenIndex) {
        receiver.receive(fd, listenIndex);
    }

    void accepted(int fd, byte[] address, int listenIndex) {
        acceptor.accepted(fd, address, listenIndex);
    }
}
