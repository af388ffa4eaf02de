package dev.sluice.worker.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.LimitConfig;
import dev.sluice.common.config.LimitRate;
import dev.sluice.common.config.SourceLine;
import dev.sluice.common.zones.LimitZone;
import dev.sluice.common.zones.ZoneFile;
import dev.sluice.common.zones.ZoneSpec;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateTableTest {

    private static final long SECOND_NS = 1_000_000_000L;
    /** Long after boot, and no multiple of anything. */
    private static final long NOW_NS = 98_765_432_123_456_789L;
    private static final int THREADS = 3;

    @TempDir
    Path folder;

    private static LimitConfig limit(LimitRate rate, int entries) {
        return new LimitConfig(SourceLine.NONE, "a", "$remote_addr", 64, rate, 0, 0,
                LimitConfig.NO_DELAY, false, 429, entries, LimitConfig.Fields.ON, "warn");
    }

    private static RateTable table(int count, long periodMs, int entries) {
        LimitRate rate = new LimitRate(count, periodMs);
        ZoneFile zone = ZoneFile.inMemory(LimitZone.spec(limit(rate, entries)));
        return new RateTable(zone, rate, 1000);
    }

    private static boolean admits(RateTable table, long key, long nowNs, int burst) {
        long most = (long) burst * table.parts();
        return table.charge(key, table.ticks(nowNs), most) <= most;
    }

    private static long hash(long key) {
        long h = key * 0x9e3779b97f4a7c15L;
        h ^= h >>> 32;
        return h * 0xd6e8feb86659fd93L;
    }

    @Test
    void aKeyAtRestHasItsBurstAndOneMore() {
        RateTable table = table(1, 3_600_000, 64);
        for (int i = 0; i < 51; i++) {
            assertTrue(admits(table, hash(7), NOW_NS, 50), "request " + i);
        }
        assertFalse(admits(table, hash(7), NOW_NS, 50));
        assertFalse(admits(table, hash(7), NOW_NS + 3_590 * SECOND_NS, 50));
        assertTrue(admits(table, hash(7), NOW_NS + 3_600 * SECOND_NS, 50));
        assertFalse(admits(table, hash(7), NOW_NS + 3_600 * SECOND_NS, 50));
        assertTrue(admits(table, hash(8), NOW_NS, 50), "another key has its own");
    }

    @ParameterizedTest
    @CsvSource({"1,1000", "3,1000", "100,1000", "7777,1000", "1000000,1000", "1,60000",
        "59,60000", "1,3600000", "999983,3600000"})
    void ticksAreAnExactFractionOfTheRate(int count, long periodMs) {
        RateTable table = table(count, periodMs, 64);
        long periodNs = periodMs * 1_000_000;
        BigInteger perPeriod = BigInteger.valueOf((long) table.parts() * count);
        Random random = new Random(count);
        for (int i = 0; i < 1000; i++) {
            long nowNs = random.nextLong(1L << 58);
            BigInteger exact = BigInteger.valueOf(nowNs).multiply(perPeriod)
                    .divide(BigInteger.valueOf(periodNs));
            assertEquals(exact.longValueExact(), table.ticks(nowNs));
            long ticks = random.nextLong(1L << 28);
            long ns = table.ns(ticks);
            assertTrue(table.ticks(ns) >= ticks, "not before its time");
            assertTrue(ns == 0 || table.ticks(ns - 1) < ticks, "nor after it");
        }
    }

    /** What the algorithm is by its definition, in whole ticks. */
    @Test
    void decidesAsTheDefinitionDoes() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int count = 1 + random.nextInt(2000);
            int burst = random.nextInt(30);
            RateTable table = table(count, 1000, 4096);
            long[] tat = new long[20];
            long nowNs = random.nextLong(1L << 57);
            for (int i = 0; i < 500; i++) {
                nowNs += random.nextLong(1 + 3 * SECOND_NS / count / 2);
                int key = random.nextInt(tat.length);
                long now = table.ticks(nowNs);
                long ahead = Math.max(0, tat[key] - now);
                boolean admitted = ahead <= (long) burst * table.parts();
                if (admitted) {
                    tat[key] = now + ahead + table.parts();
                }
                assertEquals(admitted, admits(table, hash(key), nowNs, burst), "seed " + seed);
            }
        }
    }

    @Test
    void aTableOfManyRoundsAgoIsAtRest() {
        RateTable table = table(100, 1000, 64);
        for (int i = 0; i < 300; i++) {
            admits(table, hash(1), NOW_NS, 200);
        }
        long day = 86_400 * SECOND_NS;
        for (int days = 1; days < 1000; days += 7) {
            long nowNs = NOW_NS + days * day;
            assertEquals(0, table.ahead(hash(1), table.ticks(nowNs)), "after " + days + " days");
        }
    }

    @Test
    void aFullSetForgetsTheKeyNearestToRest() {
        RateTable table = table(1, 3_600_000, LimitZone.WAYS);
        for (int key = 1; key <= LimitZone.WAYS; key++) {
            for (int i = 0; i < key + 1; i++) {
                assertTrue(admits(table, hash(key), NOW_NS, 100));
                assertFalse(table.evicted());
            }
        }
        assertTrue(admits(table, hash(99), NOW_NS, 100));
        assertTrue(table.evicted());
        assertEquals(0, table.ahead(hash(1), table.ticks(NOW_NS)), "forgotten");
        assertEquals(3L * table.parts(), table.ahead(hash(2), table.ticks(NOW_NS)), "kept");
    }

    private interface Load {
        void run(RateTable table, int thread) throws Exception;
    }

    /** Runs one load on several threads, each with a mapping of its own. */
    private void together(LimitRate rate, int entries, Load load) throws Exception {
        ZoneSpec spec = LimitZone.spec(limit(rate, entries));
        ZoneFile.create(folder.resolve(spec.fileName()), spec, 0, new byte[16]);
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int number = t;
            RateTable table = new RateTable(ZoneFile.open(folder, spec), rate, 1000);
            Thread thread = new Thread(() -> {
                try {
                    load.run(table, number);
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
        assertEquals(List.of(), failures);
    }

    /** The count that the limit promises: floor(rate x t) + burst + 1, over all workers. */
    @ParameterizedTest
    @CsvSource({"100,1000,200,10", "1,3600000,50,1", "6,60000,0,1", "2000,1000,13,14"})
    void severalWorkersAdmitExactlyWhatTheRateAllows(
            int count, long periodMs, int burst, int requestsPerStep) throws Exception {
        LimitRate rate = new LimitRate(count, periodMs);
        AtomicLong admitted = new AtomicLong();
        AtomicLong nowNs = new AtomicLong(1000L * periodMs * 1_000_000);
        long stepNs = periodMs * 1_000_000 / count * requestsPerStep;
        int steps = 25;
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        int tries = burst + 2 + requestsPerStep;
        together(rate, 1024, (table, thread) -> {
            for (int step = 0; step <= steps; step++) {
                for (int i = 0; i < tries; i++) {
                    if (admits(table, hash(42), nowNs.get(), burst)) {
                        admitted.incrementAndGet();
                    }
                }
                if (barrier.await() == 0) {
                    nowNs.addAndGet(stepNs);
                }
                barrier.await();
            }
        });
        assertEquals(steps * requestsPerStep + burst + 1, admitted.get());
    }

    /** New keys, brought by all workers at once, again and again after the old ones have rested. */
    @Test
    void noKeyIsEverCountedTwice() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        LimitRate rate = new LimitRate(1, 1000);
        int rounds = 400;
        int keys = 48;
        int burst = 2;
        AtomicIntegerArray admitted = new AtomicIntegerArray(rounds * keys);
        AtomicLong evictions = new AtomicLong();
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        together(rate, 512, (table, thread) -> {
            Random random = new Random(seed + thread);
            for (int round = 0; round < rounds; round++) {
                long nowNs = NOW_NS + round * 5 * SECOND_NS;
                barrier.await();
                for (int i = 0; i < 8 * keys; i++) {
                    // The same order, with a little noise, so that new keys meet.
                    int key = (i + random.nextInt(2)) % keys;
                    int place = round * keys + key;
                    if (admits(table, hash(seed + place), nowNs, burst)) {
                        admitted.incrementAndGet(place);
                    }
                    if (table.evicted()) {
                        evictions.incrementAndGet();
                    }
                }
            }
        });
        assertEquals(0, evictions.get(), "the table is large enough, seed " + seed);
        for (int i = 0; i < admitted.length(); i++) {
            assertEquals(burst + 1, admitted.get(i), "key " + i + ", seed " + seed);
        }
    }
}
