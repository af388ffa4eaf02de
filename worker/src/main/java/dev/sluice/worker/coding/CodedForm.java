package dev.sluice.worker.coding;

import dev.sluice.worker.arena.Slab;

/**
 * What a body has been made into by one kind of coder, kept for the next client.
 *
 * <p>Owner: event loop; a part of its {@link CodedForms}.
 */
final class CodedForm {

    /** Of the body: {@link dev.sluice.worker.exchange.ClientStream#sameBody}. */
    final long serial;
    /** Coders of which kind and level have made it. */
    final CoderPool by;
    final Slab slab;
    /** Its bytes are the first ones of the slab. */
    final int length;
    /** Clients that it is on its way to: its memory stays until there is none. */
    int users;
    /** Whether it can be found. */
    boolean kept = true;
    /** It was asked for since it was looked at last. */
    boolean asked;
    /** The next one at the same place of the table. */
    CodedForm next;
    /** The next one in the order in which they are looked at. */
    CodedForm newer;

    CodedForm(long serial, CoderPool by, Slab slab, int length) {
        assert serial != 0 && length > 0 && length <= slab.size();
        this.serial = serial;
        this.by = by;
        this.slab = slab;
        this.length = length;
    }
}
