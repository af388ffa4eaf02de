package dev.sluice.worker.limit;

import dev.sluice.common.zones.HoldTable;

/**
 * What this worker holds of one limit of connections: its lane of the shared table, and which slots
 * of it are free. Owner: event loop.
 */
final class Holdings {

    /** {@link #take}: there is no room for the key. */
    static final int FULL = HoldTable.FULL;

    private final HoldTable table;
    private final int lane;
    private final int[] free;
    private int freeCount;

    Holdings(HoldTable table, int lane) {
        if (lane >= table.laneCount()) {
            throw new IllegalStateException("no lane " + lane + " in a table of "
                    + table.laneCount());
        }
        this.table = table;
        this.lane = lane;
        this.freeCount = table.slotCount();
        this.free = new int[freeCount];
        for (int i = 0; i < freeCount; i++) {
            free[i] = freeCount - 1 - i;
        }
    }

    /**
     * Counts a request unless {@code most} of its key are in progress.
     *
     * @return how many were; when that is fewer, {@link #lastSlot} has the request
     */
    int take(long hash, int most) {
        if (freeCount == 0) {
            return FULL;
        }
        int count = table.take(lane, free[freeCount - 1], hash, most);
        if (count != FULL && count < most) {
            freeCount--;
        }
        return count;
    }

    /** Which slot the last successful {@link #take} has used. */
    int lastSlot() {
        return free[freeCount];
    }

    void giveBack(int slot) {
        table.giveBack(lane, slot);
        free[freeCount++] = slot;
    }
}
