package dev.sluice.worker.downstream;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;

/**
 * The fields behind a request's body that may travel on, in memory of their own: few requests have
 * any.
 *
 * <p>Owner: event loop; a part of its stream.
 */
final class KeptTrailers {

    private final int fieldsMax;
    /** Null until the stream has some for the first time. */
    private HeaderTable table;
    /** Null without. */
    private Slab slab;

    KeptTrailers(int fieldsMax) {
        this.fieldsMax = fieldsMax;
    }

    HeaderTable table() {
        if (table == null) {
            table = new HeaderTable(fieldsMax);
        }
        return table;
    }

    /** Memory for them where they are read. @return null when there is none: they are dropped */
    Slab room(SlabPool slabs, int bytes) {
        assert slab == null;
        slab = slabs.borrow(bytes);
        return slab;
    }

    /** They have been read elsewhere, from byte 0. */
    void keep(SlabPool slabs, ByteBuffer from, int length) {
        if (table.count() > 0 && room(slabs, length) != null) {
            slab.bytes.put(0, from, 0, length);
            table.moveTo(slab.bytes);
        }
    }

    /** Null without. */
    HeaderTable get() {
        return slab == null || table.count() == 0 ? null : table;
    }

    void drop(SlabPool slabs) {
        if (slab != null) {
            slabs.giveBack(slab);
            slab = null;
        }
    }
}
