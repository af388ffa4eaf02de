package dev.sluice.worker.coding;

import java.util.function.Supplier;

/**
 * The coders of one kind and level. All pools together have no more in use than their budget
 * says; what has been made is kept.
 *
 * <p>Owner: event loop.
 */
final class CoderPool {

    /** How many coders of all pools may be in use. Owner: event loop. */
    static final class Budget {
        private final int most;
        private int used;

        Budget(int most) {
            this.most = most;
        }

        int used() {
            return used;
        }
    }

    private final Budget budget;
    private final Supplier<Coder> maker;
    private Coder unused;

    CoderPool(Budget budget, Supplier<Coder> maker) {
        this.budget = budget;
        this.maker = maker;
    }

    /** Handed over until {@link #giveBack}; null when too many are in use. */
    Coder borrow() {
        if (budget.used >= budget.most) {
            return null;
        }
        Coder coder = unused;
        if (coder == null) {
            coder = maker.get();
            coder.pool = this;
        } else {
            unused = coder.next;
            coder.next = null;
        }
        budget.used++;
        coder.begin();
        return coder;
    }

    void giveBack(Coder coder) {
        assert coder.pool == this && budget.used > 0;
        coder.end();
        coder.next = unused;
        unused = coder;
        budget.used--;
    }
}
