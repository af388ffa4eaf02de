package dev.sluice.worker.watch;

import dev.sluice.common.clock.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/**
 * Finds the oldest of what is open and matches, in slices of a part of a millisecond, one in a turn
 * of the loop. Lists are walked from their end: what is open all the time is not missed, because
 * what goes is replaced by one that was seen already.
 *
 * <p>Owner: event loop.
 */
public final class Walk implements Runnable {

    /** Rows of one worker. */
    public static final int ROWS_MAX = 1000;

    static final int SEEN_PER_TURN = 1000;
    static final int PRINTED_PER_TURN = 50;

    private record Found<C>(WatchedList<C> list, C one, long serial, long startedNs) {

        boolean isOpen() {
            return list.serial(one) == serial;
        }

        void print(long nowNs, StringBuilder row) {
            list.print(one, nowNs, row);
        }
    }

    private final Executor nextTurn;
    private final Clock clock;
    private final List<WatchedList<?>> lists;
    private final WatchFilter filter;
    private final BiConsumer<String, Boolean> answer;
    private final PriorityQueue<Found<?>> oldest = new PriorityQueue<>(
            Comparator.<Found<?>>comparingLong(Found::startedNs).reversed());
    private final Set<Long> seenTwice = new HashSet<>();
    private List<Found<?>> found;
    private int list;
    private int next = -1;
    private int matching;
    private boolean ended;

    /**
     * @param nextTurn runs what it is given in another turn of the loop
     * @param answer is given lines, and whether they are the last
     */
    public Walk(Executor nextTurn, Clock clock, List<WatchedList<?>> lists, WatchFilter filter,
            BiConsumer<String, Boolean> answer) {
        this.nextTurn = nextTurn;
        this.clock = clock;
        this.lists = lists;
        this.filter = filter;
        this.answer = answer;
    }

    public void start() {
        next = lists.getFirst().count() - 1;
        nextTurn.execute(this);
    }

    /** Nobody wants the answer any more. */
    public void stop() {
        ended = true;
    }

    /** One slice. */
    @Override
    public void run() {
        if (ended) {
            return;
        }
        if (found == null) {
            see();
        } else {
            print();
        }
        if (!ended) {
            nextTurn.execute(this);
        }
    }

    private void see() {
        for (int seen = 0; seen < SEEN_PER_TURN; seen++) {
            if (next < 0) {
                if (++list == lists.size()) {
                    found = new ArrayList<>(oldest);
                    found.sort(Comparator.comparingLong(Found::startedNs));
                    next = 0;
                    return;
                }
                next = lists.get(list).count() - 1;
                continue;
            }
            look(lists.get(list));
            next--;
        }
    }

    private <C> void look(WatchedList<C> in) {
        // Some may have gone since the last turn.
        next = Math.min(next, in.count() - 1);
        if (next < 0) {
            return;
        }
        C one = in.at(next);
        if (!in.matches(one, filter)) {
            return;
        }
        matching++;
        long startedNs = in.startedNs(one);
        if (oldest.size() == ROWS_MAX) {
            if (startedNs - oldest.peek().startedNs() >= 0) {
                return;
            }
            oldest.poll();
        }
        oldest.add(new Found<>(in, one, in.serial(one), startedNs));
    }

    private void print() {
        StringBuilder text = new StringBuilder();
        long nowNs = clock.nowNs();
        for (int i = 0; i < PRINTED_PER_TURN && next < found.size(); i++) {
            Found<?> one = found.get(next++);
            boolean first = seenTwice.add(one.serial() * lists.size() + lists.indexOf(one.list()));
            if (one.isOpen() && first) {
                one.print(nowNs, text);
                text.append('\n');
            }
        }
        if (next == found.size()) {
            ended = true;
            text.append("+\t").append(matching).append('\n');
        }
        answer.accept(text.toString(), ended);
    }
}
