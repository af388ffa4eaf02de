package dev.sluice.worker.limit;

import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Holder;
import java.util.Arrays;

/**
 * Which slots of which limits the exchanges in progress hold: one list for each, in arrays that
 * grow to the most that there ever were. Owner: event loop.
 */
final class HeldRequests implements Holder {

    private static final int SIZE_FIRST = 64;

    private Holdings[] of = new Holdings[SIZE_FIRST];
    private int[] slots = new int[SIZE_FIRST];
    /** The next of the same exchange, or of the free ones; below zero at the end. */
    private int[] next = new int[SIZE_FIRST];
    private int firstFree = -1;
    private int used;

    /** The exchange holds what {@code holdings} has taken last. */
    void add(Exchange x, Holdings holdings) {
        int i = firstFree;
        if (i >= 0) {
            firstFree = next[i];
        } else {
            i = used++;
            if (i == slots.length) {
                of = Arrays.copyOf(of, 2 * i);
                slots = Arrays.copyOf(slots, 2 * i);
                next = Arrays.copyOf(next, 2 * i);
            }
        }
        of[i] = holdings;
        slots[i] = holdings.lastSlot();
        next[i] = x.holder == null ? -1 : x.held;
        x.held = i;
        x.holder = this;
    }

    @Override
    public void release(Exchange x) {
        int i = x.held;
        x.holder = null;
        while (i >= 0) {
            of[i].giveBack(slots[i]);
            of[i] = null;
            int following = next[i];
            next[i] = firstFree;
            firstFree = i;
            i = following;
        }
    }
}
