package dev.sluice.master.system;

import java.util.ArrayList;
import java.util.List;

/**
 * Which descriptor becomes which number in a child. The moves are done one after the other in the
 * child, so a target that is the source of a later move would be overwritten too early: such a
 * source is first moved out of the way, above every source and target.
 *
 * <p>Stateless; any thread.
 */
final class DescriptorMoves {

    /** {@code dup2(from, to)}, or {@code close(from)} when {@code to} is {@link #CLOSE}. */
    record Move(int from, int to) {}

    static final int CLOSE = -1;

    private DescriptorMoves() {}

    /**
     * @param sources descriptors of the master, in the order of their numbers in the child
     * @param first number of the first one in the child
     */
    static List<Move> of(List<Integer> sources, int first) {
        int end = first + sources.size();
        int spare = end;
        for (int source : sources) {
            assert source >= first : "0, 1 and 2 are not handed down here: " + source;
            spare = Math.max(spare, source + 1);
        }
        List<Move> moves = new ArrayList<>();
        List<Move> closes = new ArrayList<>();
        int[] places = new int[sources.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = sources.get(i);
            // A source among the targets that is not already in its place; dup2 of a number onto
            // itself clears close-on-exec, which is what the place needs.
            if (places[i] < end && places[i] != first + i) {
                moves.add(new Move(places[i], spare));
                closes.add(new Move(spare, CLOSE));
                places[i] = spare++;
            }
        }
        for (int i = 0; i < places.length; i++) {
            moves.add(new Move(places[i], first + i));
        }
        moves.addAll(closes);
        return moves;
    }
}
