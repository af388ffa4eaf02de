package dev.sluice.worker.coding;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * States of coders of one kind and level that nobody uses. A body takes one when the first of its
 * bytes is worked on, and gives it back behind the last: answers that wait for their turn have
 * none, and the one that was used last is used next, while the processor's cache still has it.
 *
 * <p>Any thread.
 */
final class SpareStates<T> {

    private static final int COUNT_MAX = 4;

    private final AtomicReferenceArray<T> spares = new AtomicReferenceArray<>(COUNT_MAX);

    /** Handed over. @return null when there is none */
    T take() {
        for (int i = 0; i < COUNT_MAX; i++) {
            T state = spares.getAndSet(i, null);
            if (state != null) {
                return state;
            }
        }
        return null;
    }

    /** Handed over. @return false when there are enough: it stays the caller's */
    boolean give(T state) {
        for (int i = 0; i < COUNT_MAX; i++) {
            if (spares.compareAndSet(i, null, state)) {
                return true;
            }
        }
        return false;
    }
}
