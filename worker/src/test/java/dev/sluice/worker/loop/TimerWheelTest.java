package dev.sluice.worker.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerWheelTest {

    private static final long MS = 1_000_000L;
    private static final long TICK = TimerWheel.TICK_MS * MS;

    private static final class Entry extends Timed {
        private long dueNs = Long.MAX_VALUE;
        private long firedAtNs = -1;
        private int fired;

        @Override
        protected void onDeadline(long nowNs) {
            firedAtNs = nowNs;
            fired++;
        }
    }

    @Test
    void shouldFireOnceAndNotBeforeItsTime() {
        TimerWheel wheel = new TimerWheel(0);
        Entry entry = new Entry();
        wheel.set(entry, 10 * TICK);
        wheel.advance(10 * TICK - 1);
        assertEquals(0, entry.fired);
        wheel.advance(11 * TICK);
        wheel.advance(5000 * TICK);
        assertEquals(1, entry.fired);
        assertFalse(TimerWheel.isSet(entry));
    }

    @Test
    void shouldNotFireAClearedEntry() {
        TimerWheel wheel = new TimerWheel(0);
        Entry entry = new Entry();
        wheel.set(entry, 10 * TICK);
        wheel.clear(entry);
        wheel.advance(100 * TICK);
        assertEquals(0, entry.fired);
        assertEquals(0, wheel.linkedCount());
    }

    @Test
    void shouldFireAPausedEntryOnlyWhenSetAgain() {
        TimerWheel wheel = new TimerWheel(0);
        Entry entry = new Entry();
        wheel.set(entry, 3 * TICK);
        wheel.pause(entry);
        wheel.advance(10 * TICK);
        assertEquals(0, entry.fired);
        wheel.set(entry, 12 * TICK);
        wheel.advance(14 * TICK);
        assertEquals(1, entry.fired);
    }

    @Test
    void shouldMoveADeadlineBothWays() {
        TimerWheel wheel = new TimerWheel(0);
        Entry entry = new Entry();
        wheel.set(entry, 10 * TICK);
        wheel.set(entry, 2000 * TICK);
        wheel.advance(1999 * TICK);
        assertEquals(0, entry.fired);
        wheel.set(entry, 2001 * TICK);
        wheel.set(entry, 2000 * TICK);
        wheel.advance(2001 * TICK);
        assertEquals(1, entry.fired);
    }

    @Test
    void shouldWaitNoLongerThanToTheNextBucketInUse() {
        TimerWheel wheel = new TimerWheel(0);
        long idle = 1_000_000 * TICK;
        assertEquals(idle, wheel.delayNs(0, idle));
        Entry entry = new Entry();
        for (int ticks : new int[] {1, 63, 64, 65, 300, 511}) {
            wheel.set(entry, ticks * TICK);
            assertEquals(ticks * TICK, wheel.delayNs(0, idle), "ticks " + ticks);
            wheel.clear(entry);
        }
        wheel.set(entry, 700 * TICK);
        assertTrue(wheel.delayNs(0, idle) <= 700 * TICK);
    }

    @Test
    void shouldAgreeWithAListOfDeadlines() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        TimerWheel wheel = new TimerWheel(0);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            entries.add(new Entry());
        }
        long nowNs = 0;
        for (int step = 0; step < 20_000; step++) {
            Entry entry = entries.get(random.nextInt(entries.size()));
            switch (random.nextInt(6)) {
                case 0 -> {
                    wheel.clear(entry);
                    entry.dueNs = Long.MAX_VALUE;
                }
                case 1 -> {
                    wheel.pause(entry);
                    entry.dueNs = Long.MAX_VALUE;
                }
                case 2 -> {
                    nowNs += random.nextInt(10) == 0
                            ? random.nextLong(1000 * TICK) : random.nextLong(3 * TICK);
                    wheel.advance(nowNs);
                    check(entries, nowNs, seed, step);
                }
                default -> {
                    entry.fired = 0;
                    entry.dueNs = nowNs + random.nextLong(1500 * TICK);
                    wheel.set(entry, entry.dueNs);
                }
            }
        }
    }

    private static void check(List<Entry> entries, long nowNs, long seed, int step) {
        for (Entry e : entries) {
            String where = "seed " + seed + " step " + step;
            if (e.fired > 0) {
                assertEquals(1, e.fired, where);
                assertTrue(e.firedAtNs >= e.dueNs, where);
                e.fired = 0;
                e.dueNs = Long.MAX_VALUE;
            } else {
                assertTrue(e.dueNs > nowNs - 2 * TICK, where + ": late");
            }
        }
    }
}
