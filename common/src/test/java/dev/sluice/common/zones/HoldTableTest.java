package dev.sluice.common.zones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldTableTest {

    private static final int LANES = 4;
    private static final int SLOTS = 64;
    private static final int THREADS = 3;

    @TempDir
    Path folder;

    /** A process that is killed before its nth store. */
    private static final class DyingZone extends ZoneFile {
        private static final class Killed extends RuntimeException {
            private static final long serialVersionUID = 1;
        }

        private int storesLeft;

        DyingZone(ZoneFile of, int stores) {
            super(of);
            storesLeft = stores;
        }

        private void step() {
            if (storesLeft-- == 0) {
                throw new Killed();
            }
        }

        @Override
        public void set(long index, long value) {
            step();
            super.set(index, value);
        }

        @Override
        public boolean compareAndSet(long index, long expected, long value) {
            step();
            return super.compareAndSet(index, expected, value);
        }
    }

    /** A process that is overtaken by others just before its first change of a key. */
    private static final class SlowZone extends ZoneFile {
        private Runnable others;

        SlowZone(ZoneFile of, Runnable others) {
            super(of);
            this.others = others;
        }

        @Override
        public boolean compareAndSet(long index, long expected, long value) {
            Runnable now = others;
            others = null;
            if (now != null) {
                now.run();
            }
            return super.compareAndSet(index, expected, value);
        }
    }

    private static ZoneFile zone(int keys) {
        return ZoneFile.inMemory(HoldTable.spec("a", keys, LANES, SLOTS));
    }

    private static long hash(long key) {
        long h = key * 0x9e3779b97f4a7c15L;
        h ^= h >>> 32;
        return h * 0xd6e8feb86659fd93L;
    }

    @Test
    void countsToTheLimitAndBack() {
        HoldTable table = new HoldTable(zone(64));
        assertEquals(0, table.take(0, 0, hash(1), 2));
        assertEquals(1, table.take(1, 0, hash(1), 2));
        assertEquals(2, table.take(2, 0, hash(1), 2), "refused");
        assertEquals(0, table.take(2, 0, hash(2), 2), "another key has its own");
        table.giveBack(0, 0);
        assertEquals(1, table.take(0, 5, hash(1), 2));
        assertEquals(3, table.inProgress());
        assertEquals(2, table.take(3, 0, hash(1), 1), "a smaller limit of another location");
    }

    @Test
    void aFullSetTakesNoFurtherKeyAndForgetsNone() {
        HoldTable table = new HoldTable(zone(LimitZone.WAYS));
        for (int key = 1; key <= LimitZone.WAYS; key++) {
            assertEquals(0, table.take(0, key, hash(key), 9));
        }
        assertEquals(HoldTable.FULL, table.take(1, 0, hash(99), 9));
        assertEquals(1, table.take(1, 0, hash(3), 9), "known keys go on");
        table.giveBack(0, 5);
        assertEquals(0, table.take(1, 1, hash(99), 9), "the word of a key at rest is free");
    }

    @Test
    void whatADeadWorkerHeldComesBack() {
        ZoneFile zone = zone(64);
        HoldTable table = new HoldTable(zone);
        for (int slot = 0; slot < 10; slot++) {
            table.take(1, slot, hash(slot % 3), 99);
            table.take(2, slot, hash(slot % 3), 99);
        }
        assertEquals(10, new HoldTable(zone).clearLane(1));
        assertEquals(10, table.inProgress());
        assertEquals(0, new HoldTable(zone).clearLane(1), "once");
        for (int slot = 0; slot < 10; slot++) {
            table.giveBack(2, slot);
        }
        assertEquals(0, table.inProgress());
        assertEquals(0, new HoldTable(zone).clearLane(LANES), "of another shape of the zone");
    }

    /**
     * Killed between any two stores, alone or with another lane that goes on with the same key at
     * once, before the master comes.
     */
    @Test
    void aWorkerMayDieAtAnyStep() {
        int deaths = 0;
        for (int others = 0; others < 3; others++) {
            for (int stores = 0; stores < 40; stores++) {
                ZoneFile zone = zone(LimitZone.WAYS);
                HoldTable dying = new HoldTable(new DyingZone(zone, stores));
                HoldTable living = new HoldTable(zone);
                living.take(1, 0, hash(7), 99);
                try {
                    dying.take(0, 0, hash(7), 99);
                    dying.take(0, 1, hash(7), 99);
                    dying.giveBack(0, 0);
                    dying.take(0, 0, hash(8), 99);
                } catch (DyingZone.Killed expected) {
                    deaths++;
                }
                for (int i = 1; i <= others; i++) {
                    living.take(1, i, hash(7), 99);
                }
                new HoldTable(zone).clearLane(0);
                assertEquals(1 + others, living.inProgress(), others + " others, killed before "
                        + "store " + stores);
                assertEquals(1 + others, living.take(2, 0, hash(7), 99));
            }
        }
        assertTrue(deaths > 45, "it died at every step: " + deaths);
    }

    @Test
    void aNewKeyIsCountedInOnePlaceOnly() {
        ZoneFile zone = zone(LimitZone.WAYS);
        HoldTable others = new HoldTable(zone);
        others.take(2, 0, hash(1), 1);
        // The word before the one that is chosen becomes free, and the others find it first.
        HoldTable slow = new HoldTable(new SlowZone(zone, () -> {
            others.giveBack(2, 0);
            assertEquals(0, others.take(1, 0, hash(7), 1));
        }));
        assertEquals(1, slow.take(0, 0, hash(7), 1), "one is in already");
        assertEquals(1, others.inProgress());
    }

    /** The same change is seen by the master as done when another lane has come after it. */
    @Test
    void aStepThatWasOvertakenIsNotTakenForDone() {
        ZoneFile zone = zone(LimitZone.WAYS);
        HoldTable living = new HoldTable(zone);
        HoldTable dying = new HoldTable(new SlowZone(zone, () -> {
            living.take(1, 0, hash(7), 9);
            throw new DyingZone.Killed();
        }));
        assertThrows(DyingZone.Killed.class, () -> dying.take(0, 0, hash(7), 9));
        assertEquals(0, living.clearLane(0));
        assertEquals(1, living.inProgress());
    }

    private interface Load {
        void run(ZoneFile zone, int lane) throws Exception;
    }

    /** One load on several threads, each with a mapping and a lane of its own. */
    private void together(ZoneSpec spec, Load load) throws Exception {
        List<Thread> threads = new ArrayList<>();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        for (int t = 0; t < THREADS; t++) {
            int number = t;
            ZoneFile zone = ZoneFile.open(folder, spec);
            Thread thread = new Thread(() -> {
                try {
                    load.run(zone, number);
                } catch (Throwable failed) {
                    failures.add(failed);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
    }

    private ZoneSpec made(int keys) throws IOException {
        ZoneSpec spec = HoldTable.spec("a", keys, LANES, SLOTS);
        ZoneFile.create(folder.resolve(spec.fileName()), spec, 0, new byte[16]);
        return spec;
    }

    /** Few keys in few sets, so that they are new again and again, and brought by all at once. */
    @Test
    void neverMoreThanTheLimitAreIn() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        int keys = 8;
        int most = 3;
        AtomicIntegerArray in = new AtomicIntegerArray(keys);
        AtomicInteger worst = new AtomicInteger();
        AtomicInteger admitted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        ZoneSpec spec = made(2 * LimitZone.WAYS);
        together(spec, (zone, lane) -> {
            HoldTable table = new HoldTable(zone);
            Random random = new Random(seed + lane);
            Deque<int[]> held = new ArrayDeque<>();
            Deque<Integer> free = new ArrayDeque<>();
            for (int slot = 0; slot < SLOTS; slot++) {
                free.add(slot);
            }
            for (int i = 0; i < 100_000; i++) {
                int key = random.nextInt(keys);
                if (held.size() < 8 && random.nextInt(3) > 0) {
                    int count = table.take(lane, free.peek(), hash(seed + key), most);
                    assertNotEquals(HoldTable.FULL, count);
                    if (count < most) {
                        worst.accumulateAndGet(in.incrementAndGet(key), Math::max);
                        held.add(new int[] {key, free.remove()});
                        admitted.incrementAndGet();
                    } else {
                        refused.incrementAndGet();
                    }
                } else if (!held.isEmpty()) {
                    int[] one = held.remove();
                    in.decrementAndGet(one[0]);
                    table.giveBack(lane, one[1]);
                    free.add(one[1]);
                }
            }
            for (int[] one : held) {
                in.decrementAndGet(one[0]);
                table.giveBack(lane, one[1]);
            }
        });
        HoldTable after = new HoldTable(ZoneFile.open(folder, spec));
        assertEquals(0, after.inProgress(), "seed " + seed);
        assertTrue(worst.get() <= most, worst + " at once, seed " + seed);
        assertTrue(admitted.get() > 1000 && refused.get() > 1000, admitted + " " + refused);
    }

    /** Two go on while the third is killed and its lane used anew, over and over. */
    @Test
    void killedWorkersTakeNothingWithThem() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        ZoneSpec spec = made(2 * LimitZone.WAYS);
        AtomicInteger deaths = new AtomicInteger();
        together(spec, (zone, lane) -> {
            Random random = new Random(seed + lane);
            HoldTable table = new HoldTable(zone);
            for (int round = 0; round < 20_000; round++) {
                if (lane == 0) {
                    HoldTable dying = new HoldTable(new DyingZone(zone, random.nextInt(40)));
                    try {
                        dying.take(0, 0, hash(random.nextInt(3)), 5);
                        dying.take(0, 1, hash(random.nextInt(3)), 5);
                        dying.giveBack(0, 0);
                        dying.giveBack(0, 1);
                    } catch (DyingZone.Killed expected) {
                        deaths.incrementAndGet();
                    }
                    table.clearLane(0);
                } else if (table.take(lane, 0, hash(random.nextInt(3)), 5) < 5) {
                    table.giveBack(lane, 0);
                }
            }
        });
        assertEquals(0, new HoldTable(ZoneFile.open(folder, spec)).inProgress(), "seed " + seed);
        assertTrue(deaths.get() > 1000, deaths.toString());
    }
}
