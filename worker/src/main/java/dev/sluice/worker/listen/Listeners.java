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
 * requests, and for a moment after a failure for lack of resources; the kernel's queue holds the
 * rest. Connections that are kept alive could keep a worker busy for ever: while there are too many
 * requests, a share of those in the queue is taken now and then, and their requests stand in line
 * with the others. Addresses that are free do not mind requests.
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

    private static final long PAUSE_NS = 100_000_000L;

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
    private final boolean[] free;
    /** Too many connections. */
    private boolean crowded;
    /** Too many requests. */
    private boolean busy;
    /** Some are accepted although it is busy. */
    private boolean lettingIn;
    private boolean outOfResources;

    /** @param free by place of the address: whether requests there are served in any case */
    public Listeners(LoopContext ctx, SluiceConfig config, boolean[] free, Acceptor acceptor) {
        this.ctx = ctx;
        this.free = free;
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
        listener.start(ctx.loop, serving && !isPaused(listener));
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
        crowded = false;
        busy = false;
        outOfResources = false;
        for (Listener listener : listeners) {
            if (lastCopies.contains(listener.key)) {
                listener.accept(Integer.MAX_VALUE);
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
        boolean full = isAbove(crowded, connections, connectionsMax, connectionsMax / 16);
        boolean much = isAbove(busy, activeRequests, activeMax, activeMax / 8);
        if (full == crowded && much == busy) {
            return;
        }
        if (!crowded && !busy) {
            ctx.counters.add(CounterId.ACCEPT_PAUSES, 1);
        }
        if (much && !busy) {
            ctx.timers.set(this, ctx.clock.nowNs() + PAUSE_NS);
        }
        crowded = full;
        busy = much;
        applyPolling();
    }

    /** Low-water marks: pausing and resuming must not alternate with every request. */
    private static boolean isAbove(boolean was, int count, int max, int less) {
        return was ? count > max - Math.max(1, less) : count >= max;
    }

    void pauseForResources() {
        outOfResources = true;
        ctx.timers.set(this, ctx.clock.nowNs() + PAUSE_NS);
        applyPolling();
    }

    @Override
    protected void onDeadline(long nowNs) {
        outOfResources = false;
        if (busy) {
            letIn(Math.max(1, activeMax / 8));
            ctx.timers.set(this, nowNs + PAUSE_NS);
        }
        applyPolling();
    }

    private void letIn(int most) {
        lettingIn = true;
        for (Listener listener : listeners) {
            if (!isPaused(listener)) {
                listener.accept(most);
            }
        }
        lettingIn = false;
    }

    private void applyPolling() {
        if (!serving) {
            return;
        }
        for (Listener listener : listeners) {
            listener.poll(!isPaused(listener));
        }
    }

    boolean isPaused(Listener one) {
        return one.listenIndex < 0 || crowded || outOfResources
                || busy && !lettingIn && !free[one.listenIndex];
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
