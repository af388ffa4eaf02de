package dev.sluice.worker.cache;

import dev.sluice.worker.exchange.ClientStream;
import java.nio.ByteBuffer;

/**
 * What comes of an answer after storing it was given up, because it is too long or the disk is
 * full: nobody reads it from a file any more, so each piece stays lent by the peer's connection
 * until all who read the answer have copied it. The slowest of them says how fast it goes.
 *
 * <p>Owner: event loop; a part of its fetch.
 */
final class Tail {

    private final Fetch fetch;
    private ByteBuffer piece;
    private int pieceAt;
    private long from;
    private long to;
    private boolean ended;

    /**
     * Begins.
     *
     * @param at of the body: behind what has been recorded
     * @param isLast whether nothing comes behind the first piece
     */
    Tail(Fetch fetch, long at, boolean isLast) {
        this.fetch = fetch;
        from = at;
        to = at;
        ended = isLast;
    }

    /** Lent until all have taken it. */
    void pass(ByteBuffer lent, int offset, int length) {
        assert piece == null;
        piece = lent;
        pieceAt = offset;
        from = to;
        to = from + length;
        fetch.audience.grown();
        taken();
    }

    /** There is no more behind what has been lent. */
    void end() {
        ended = true;
        boolean lends = piece != null;
        fetch.audience.grown();
        if (!lends) {
            fetch.end();
        }
    }

    /** A reader has got on, or gone. */
    void taken() {
        boolean left = fetch.audience.isEmpty();
        if (fetch.mode != Fetch.Mode.STORING || piece == null && !left
                || !fetch.audience.hasTaken(to)) {
            return;
        }
        piece = null;
        if (ended) {
            fetch.end();
        } else if (left) {
            fetch.giveUpLater();
        } else {
            fetch.tellLater();
        }
    }

    /** Behind the last byte that has come; the body's length once it {@link #hasEnded}. */
    long to() {
        return to;
    }

    boolean hasEnded() {
        return ended;
    }

    /**
     * Gives a client what it has not got of the piece.
     *
     * @param at of the body
     * @param end behind what the client is to have of the body
     * @return how many bytes were taken
     */
    int copy(ClientStream client, long at, long end) {
        long until = Math.min(to, end);
        if (piece == null || at < from || at >= until) {
            return 0;
        }
        return client.writeCopy(piece, pieceAt + (int) (at - from), (int) (until - at));
    }
}
