package dev.sluice.worker.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.clock.SteppedClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The oldest are found, none that stays is missed, and no turn is long. */
final class WalkTest {

    private final Deque<Runnable> turns = new ArrayDeque<>();
    private final List<Long> open = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private boolean last;
    private int looked;
    private int lookedMost;

    /** Serials that are their times, too. */
    private final class Longs implements WatchedList<Long> {
        @Override
        public int count() {
            return open.size();
        }

        @Override
        public Long at(int index) {
            looked++;
            return open.get(index);
        }

        @Override
        public long serial(Long one) {
            return open.contains(one) ? one : 0;
        }

        @Override
        public long startedNs(Long one) {
            return one;
        }

        @Override
        public boolean matches(Long one, WatchFilter filter) {
            return filter.is("state", one % 2 == 0 ? "even" : "odd");
        }

        @Override
        public void print(Long one, long nowNs, StringBuilder row) {
            row.append(one);
        }
    }

    private void close(int index) {
        Long moved = open.removeLast();
        if (index < open.size()) {
            open.set(index, moved);
        }
    }

    private Walk walk(String... filter) {
        return new Walk(turns::add, new SteppedClock(0), List.of(new Longs()),
                new WatchFilter(List.of(filter), List.of("state")), (lines, isLast) -> {
                    text.append(lines);
                    last = isLast;
                });
    }

    private void run(Runnable betweenTurns) {
        while (!turns.isEmpty()) {
            looked = 0;
            turns.poll().run();
            lookedMost = Math.max(lookedMost, looked);
            betweenTurns.run();
        }
    }

    private void open(int count) {
        for (long i = 1; i <= count; i++) {
            open.add(i);
        }
    }

    @Test
    void oldestOfManyAreShown() {
        open(5000);
        walk().start();
        run(() -> { });
        List<String> lines = text.toString().lines().toList();
        assertTrue(last);
        assertEquals("1", lines.getFirst());
        assertEquals(Walk.ROWS_MAX + 1, lines.size());
        assertEquals("+\t5000", lines.getLast());
        assertTrue(lookedMost <= Walk.SEEN_PER_TURN, "in one turn: " + lookedMost);
    }

    @Test
    void filterChooses() {
        open(10);
        walk("state=even").start();
        run(() -> { });
        assertEquals("2\n4\n6\n8\n10\n+\t5\n", text.toString());
    }

    @Test
    void nothingThatStaysIsMissedOrShownTwice() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        open(3000);
        walk().start();
        run(() -> {
            for (int i = 0; i < 100 && open.size() > 100; i++) {
                close(random.nextInt(open.size()));
            }
        });
        List<Long> shown = text.toString().lines().filter(line -> !line.startsWith("+"))
                .map(Long::valueOf).toList();
        assertEquals(shown.size(), new HashSet<>(shown).size(), "twice, seed " + seed);
        List<Long> stayed = open.stream().filter(one -> one <= shown.getLast()).sorted().toList();
        assertTrue(new HashSet<>(shown).containsAll(stayed), "missed, seed " + seed);
    }

    @Test
    void stoppedWalkSaysNothing() {
        open(3000);
        Walk walk = walk();
        walk.start();
        walk.stop();
        run(() -> { });
        assertEquals("", text.toString());
    }
}
