package dev.sluice.worker.coding;

import dev.sluice.worker.arena.Slab;
import dev.sluice.worker.arena.SlabPool;

/**
 * What files and stored answers have been made into by coders, so that it is made once. A body is
 * known by a number that its owner gives it; when the owner forgets the body nobody asks for the
 * number any more, and the form goes when room is needed. The oldest goes, unless it was asked for
 * since it was looked at last: then it is the newest (second chance).
 *
 * <p>Owner: event loop.
 */
final class CodedForms {

    /** A longer one is made for each client anew. */
    static final int FORM_BYTES_MAX = Slab.BYTES;
    private static final int PLACES_PER_SLAB = 16;
    private static final int LOOKS_MAX = 256;

    /** Null when nothing is kept. */
    private final SlabPool pool;
    private final CodedForm[] table;
    private CodedForm oldest;
    private CodedForm newest;
    private int count;

    /** @param bytesMax memory for all forms; less than a slab keeps none */
    CodedForms(long bytesMax) {
        int slabs = (int) (bytesMax / Slab.BYTES);
        pool = slabs == 0 ? null : new SlabPool(slabs);
        table = new CodedForm[slabs == 0 ? 1
                : Integer.highestOneBit(slabs * PLACES_PER_SLAB) << 1];
    }

    /** Null when there is none; in use until {@link #release}. */
    CodedForm find(long serial, CoderPool by) {
        CodedForm form = at(serial, by);
        if (form != null) {
            form.asked = true;
            form.users++;
        }
        return form;
    }

    private CodedForm at(long serial, CoderPool by) {
        CodedForm form = table[place(serial)];
        while (form != null && (form.serial != serial || form.by != by)) {
            form = form.next;
        }
        return form;
    }

    private int place(long serial) {
        return (int) serial & table.length - 1;
    }

    void release(CodedForm form) {
        assert form.users > 0;
        form.users--;
        freeUnused(form);
    }

    private void freeUnused(CodedForm form) {
        if (form.users == 0 && !form.kept) {
            pool.giveBack(form.slab);
        }
    }

    /**
     * Memory to gather a form in; {@link #keep} or {@link #giveBack} ends that. Null where there
     * is none.
     *
     * @param bodyBytes of the body; what is not smaller in another form is not worth keeping
     */
    Slab memory(long bodyBytes) {
        if (pool == null) {
            return null;
        }
        int bytes = (int) Math.min(bodyBytes, FORM_BYTES_MAX);
        Slab slab = pool.borrow(bytes);
        for (int looks = 0; slab == null && oldest != null && looks < LOOKS_MAX; looks++) {
            lookAtOldest();
            slab = pool.borrow(bytes);
        }
        return slab;
    }

    private void lookAtOldest() {
        CodedForm form = oldest;
        oldest = form.newer;
        newest = oldest == null ? null : newest;
        form.newer = null;
        if (form.asked) {
            form.asked = false;
            push(form);
        } else {
            forget(form);
        }
    }

    private void push(CodedForm form) {
        if (newest == null) {
            oldest = form;
        } else {
            newest.newer = form;
        }
        newest = form;
    }

    private void forget(CodedForm form) {
        int place = place(form.serial);
        if (table[place] == form) {
            table[place] = form.next;
        } else {
            CodedForm before = table[place];
            while (before.next != form) {
                before = before.next;
            }
            before.next = form.next;
        }
        form.next = null;
        form.kept = false;
        count--;
        freeUnused(form);
    }

    void giveBack(Slab slab) {
        pool.giveBack(slab);
    }

    /** Keeps what was gathered, in as little memory as it needs. The slab is handed over. */
    void keep(long serial, CoderPool by, Slab gathered, int length) {
        if (at(serial, by) != null) {
            // Two clients have asked at once.
            pool.giveBack(gathered);
            return;
        }
        Slab slab = gathered;
        Slab smaller = pool.borrow(length);
        if (smaller != null && smaller.size() < gathered.size()) {
            smaller.bytes.put(0, gathered.bytes, 0, length);
            slab = smaller;
            pool.giveBack(gathered);
        } else if (smaller != null) {
            pool.giveBack(smaller);
        }
        CodedForm form = new CodedForm(serial, by, slab, length);
        int place = place(serial);
        form.next = table[place];
        table[place] = form;
        push(form);
        count++;
    }

    int count() {
        return count;
    }

    /** Memory that is in use, in whole slabs. */
    int slabCount() {
        return pool == null ? 0 : pool.lentCount();
    }
}
