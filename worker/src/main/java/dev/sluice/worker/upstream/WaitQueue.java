package dev.sluice.worker.upstream;

import dev.sluice.common.counters.CounterId;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.TurnEnd;

/**
 * Requests that wait for a peer because all are at max_conns: first come, first served. A place may
 * become free by another worker, of which no event tells: while somebody waits, the loop asks in
 * every turn, which it makes every 2 ms then.
 *
 * <p>Owner: event loop. Each worker has its own queue; between workers there is no order.
 */
public final class WaitQueue implements TurnEnd {

    /** Somebody in the queue; in no more than one, and no more than once. */
    public abstract static class Waiter {
        private Waiter before;
        private Waiter behind;
        private WaitQueue queue;
        private long sinceNs;

        /**
         * A place is free, and this is first. It is out of the queue.
         *
         * @return false when somebody else was faster: it stays first
         */
        protected abstract boolean onPlace();

        /** It has waited for as long as it may. It is out of the queue. */
        protected abstract void onWaitedTooLong();

        /** Leaves the queue if it is in one. */
        public final void leave() {
            if (queue != null) {
                queue.remove(this);
            }
        }
    }

    private static final long NS_PER_MS = 1_000_000L;

    private final LoopContext ctx;
    private final Upstream upstream;
    private final int max;
    private final long timeoutNs;
    private Waiter first;
    private Waiter last;
    private int count;
    private boolean queued;

    WaitQueue(LoopContext ctx, Upstream upstream) {
        this.ctx = ctx;
        this.upstream = upstream;
        this.max = upstream.config.queue().requestsMax();
        this.timeoutNs = upstream.config.queue().timeoutMs() * NS_PER_MS;
    }

    public int count() {
        return count;
    }

    /** @return false when the queue is full */
    public boolean enter(Waiter one) {
        assert one.queue == null;
        if (count == max) {
            return false;
        }
        if (count == 0) {
            ctx.loop.poll(this);
        }
        one.sinceNs = ctx.clock.nowNs();
        insert(one, last, null);
        return true;
    }

    private void insert(Waiter one, Waiter before, Waiter behind) {
        one.queue = this;
        one.before = before;
        one.behind = behind;
        if (before == null) {
            first = one;
        } else {
            before.behind = one;
        }
        if (behind == null) {
            last = one;
        } else {
            behind.before = one;
        }
        count++;
        ctx.counters.add(CounterId.UPSTREAM_QUEUED, 1);
    }

    private void remove(Waiter one) {
        if (one.before == null) {
            first = one.behind;
        } else {
            one.before.behind = one.behind;
        }
        if (one.behind == null) {
            last = one.before;
        } else {
            one.behind.before = one.before;
        }
        one.queue = null;
        one.before = null;
        one.behind = null;
        count--;
        ctx.counters.add(CounterId.UPSTREAM_QUEUED, -1);
        if (count == 0) {
            ctx.loop.stopPolling(this);
        }
    }

    /** Lets go whoever finds a place, and whoever has waited for too long. */
    @Override
    public void endOfTurn() {
        long nowNs = ctx.clock.nowNs();
        while (first != null && nowNs - first.sinceNs >= timeoutNs) {
            Waiter late = first;
            remove(late);
            late.onWaitedTooLong();
        }
        while (first != null && upstream.hasPlace()) {
            Waiter next = first;
            long sinceNs = next.sinceNs;
            remove(next);
            if (!next.onPlace()) {
                if (count == 0) {
                    ctx.loop.poll(this);
                }
                next.sinceNs = sinceNs;
                insert(next, null, first);
                return;
            }
        }
    }

    @Override
    public boolean markQueued() {
        boolean fresh = !queued;
        queued = true;
        return fresh;
    }

    @Override
    public void clearQueued() {
        queued = false;
    }
}
