package dev.sluice.worker.proxy;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.upstream.Upstream;
import dev.sluice.worker.upstream.WaitQueue;

/**
 * An exchange in the queue of its upstream. Only a first attempt waits: one that comes after a
 * failure has an answer for the client already.
 *
 * <p>Owner: event loop; a part of its {@link ProxyExchange}.
 */
final class QueuePlace extends WaitQueue.Waiter {

    private final ProxyExchange owner;

    QueuePlace(ProxyExchange owner) {
        this.owner = owner;
    }

    /** No peer could be chosen. @return null when the exchange waits now, else why it does not */
    Termination enter(Upstream upstream, boolean isFirst) {
        if (upstream.isLeftAlone()) {
            return Termination.UPSTREAM_CIRCUIT_OPEN;
        }
        if (upstream.queue == null || !isFirst || !upstream.isBusy()) {
            return Termination.UPSTREAM_NONE_USABLE;
        }
        return upstream.queue.enter(this) ? null : Termination.UPSTREAM_QUEUE_FULL;
    }

    @Override
    protected boolean onPlace() {
        return owner.placeIsFree();
    }

    @Override
    protected void onWaitedTooLong() {
        owner.giveUp(Termination.UPSTREAM_QUEUE_TIMEOUT, null, null);
    }
}
