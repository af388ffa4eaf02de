package dev.sluice.worker.module;

import dev.sluice.module.PeerChooser;
import dev.sluice.module.Peers;
import dev.sluice.worker.balance.Balancer;
import dev.sluice.worker.balance.Candidates;
import dev.sluice.worker.balance.LeastConnections;

/**
 * A module's balancer for one group of peers. When it fails the least busy peer is taken.
 *
 * <p>Owner: event loop.
 */
final class ModuleBalancer implements Balancer, Peers {

    private final HookCalls calls;
    private final Guard guard;
    private final HookPlace place;
    private final PeerChooser chooser;
    private final String upstream;
    private final Thread loop = Thread.currentThread();
    private Balancer otherwise;
    private Candidates lent;

    ModuleBalancer(HookCalls calls, Guard guard, HookPlace place, PeerChooser chooser,
            String upstream) {
        this.calls = calls;
        this.guard = guard;
        this.place = place;
        this.chooser = chooser;
        this.upstream = upstream;
    }

    @Override
    public int pick(Candidates among, long key) {
        if (!guard.isOpen()) {
            lent = among;
            try {
                int chosen = calls.choose(chooser, upstream, this, key, guard, place);
                if (chosen != HookCalls.CHOOSES_NOTHING) {
                    return chosen;
                }
            } finally {
                lent = null;
            }
        }
        if (otherwise == null) {
            otherwise = new LeastConnections(among.count());
        }
        return otherwise.pick(among, key);
    }

    private Candidates lent() {
        if (lent == null || Thread.currentThread() != loop) {
            throw new IllegalStateException("peers are used outside of the call they were lent to");
        }
        return lent;
    }

    @Override
    public int count() {
        return lent().count();
    }

    @Override
    public boolean usable(int index) {
        return lent().usable(index);
    }

    @Override
    public int weight(int index) {
        return lent().weight(index);
    }

    @Override
    public int inFlight(int index) {
        return lent().inFlight(index);
    }

    @Override
    public long latencyNs(int index) {
        return lent().latencyNs(index);
    }

    @Override
    public String name(int index) {
        return lent().name(index);
    }
}
