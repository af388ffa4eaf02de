package dev.sluice.worker.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets how much, over many requests; every random run names its seed. */
class BalancerSharesTest {

    private static long[] names(int count) {
        return IntStream.range(0, count).mapToLong(i -> KeyHash.of(("peer" + i).getBytes()))
                .toArray();
    }

    private static Balancer[] all(int count, long seed) {
        return new Balancer[] {new SmoothRoundRobin(count), new LeastConnections(count),
            new RandomTwo(seed), new LeastTime(), new Rendezvous(names(count), 0),
            new Rendezvous(names(count), 125)};
    }

    /** Whatever comes and goes: one that can be used is found whenever there is one. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverMissesAndNeverTakesOneThatIsDown(long seed) {
        Random random = new Random(seed);
        Peers peers = new Peers(random.ints(6, 1, 9).toArray());
        for (Balancer balancer : all(6, seed)) {
            for (int step = 0; step < 3000; step++) {
                int any = random.nextInt(6);
                peers.down[any] = random.nextBoolean();
                peers.loads[any] = random.nextInt(40);
                peers.latencies[any] = random.nextInt(3) * 1_000_000L;
                int chosen = balancer.pick(peers, random.nextLong());
                String what = balancer.getClass().getSimpleName() + " seed " + seed;
                assertEquals(peers.anyUsable(), chosen != Balancer.NONE, what);
                assertTrue(chosen == Balancer.NONE || !peers.down[chosen], what);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void hashSharesKeysByWeight(long seed) {
        Peers peers = new Peers(1, 1, 2, 4, 8);
        Balancer balancer = new Rendezvous(names(5), 0);
        assertShares(peers, balancer, seed, 80_000, 0.05);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomTwoDrawsByWeight(long seed) {
        // With loads that are equal for the weights the first draw decides.
        assertShares(new Peers(1, 2, 3, 6), new RandomTwo(seed), seed, 60_000, 0.05);
    }

    private static void assertShares(
            Peers peers, Balancer balancer, long seed, int requests, double off) {
        Random random = new Random(seed);
        int[] counts = new int[peers.count()];
        for (int i = 0; i < requests; i++) {
            counts[balancer.pick(peers, random.nextLong())]++;
        }
        double sum = IntStream.of(peers.weights).sum();
        for (int i = 0; i < counts.length; i++) {
            double expected = requests * peers.weights[i] / sum;
            assertEquals(expected, counts[i], expected * off, "seed " + seed + " peer " + i);
        }
    }

    /** A slow peer keeps its requests long: the number under way stays low there. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomTwoAvoidsTheBusyOne(long seed) {
        Peers peers = Peers.same(4);
        peers.loads[2] = 100;
        RandomTwo balancer = new RandomTwo(seed);
        for (int i = 0; i < 1000; i++) {
            assertTrue(balancer.pick(peers, 0) != 2, "seed " + seed);
        }
    }

    /** One peer goes: only its keys move. It comes back: exactly they return. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void hashMovesOnlyTheKeysOfThePeerThatGoes(long seed) {
        Random random = new Random(seed);
        Peers peers = new Peers(random.ints(10, 1, 6).toArray());
        Rendezvous balancer = new Rendezvous(names(10), 0);
        int gone = random.nextInt(10);
        for (int k = 0; k < 20_000; k++) {
            long key = random.nextLong();
            int before = balancer.pick(peers, key);
            peers.down[gone] = true;
            int without = balancer.pick(peers, key);
            peers.down[gone] = false;
            assertTrue(before == gone ? without != gone : without == before, "seed " + seed);
            assertEquals(before, balancer.pick(peers, key), "seed " + seed);
        }
    }

    /** An eleventh peer: it takes one key in eleven, and no key moves between the others. */
    @Test
    void hashMovesOnlyWhatANewPeerTakes() {
        Random random = new Random(7);
        Rendezvous ten = new Rendezvous(names(10), 0);
        Rendezvous eleven = new Rendezvous(names(11), 0);
        int moved = 0;
        for (int k = 0; k < 22_000; k++) {
            long key = random.nextLong();
            int before = ten.pick(Peers.same(10), key);
            int after = eleven.pick(Peers.same(11), key);
            assertTrue(after == before || after == 10, "seed 7");
            moved += after == 10 ? 1 : 0;
        }
        assertEquals(2000, moved, 150, "seed 7");
    }

    @Test
    void orderOfPeersDoesNotMatter() {
        long[] names = names(3);
        Rendezvous forth = new Rendezvous(names, 0);
        Rendezvous back = new Rendezvous(new long[] {names[2], names[1], names[0]}, 0);
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            long key = random.nextLong();
            assertEquals(forth.pick(Peers.same(3), key), 2 - back.pick(Peers.same(3), key));
        }
    }

    /** One key for all requests: no peer ever has more than the bound of an even share. */
    @Test
    void boundSpreadsAHotKey() {
        Peers peers = new Peers(1, 1, 2, 4);
        Rendezvous balancer = new Rendezvous(names(4), 125);
        for (int n = 1; n <= 800; n++) {
            peers.loads[balancer.pick(peers, 42)]++;
            for (int i = 0; i < 4; i++) {
                int most = (int) Math.ceil(1.25 * n * peers.weights[i] / 8);
                assertTrue(peers.loads[i] <= most, n + " requests, peer " + i);
            }
        }
        // What the bound lets three of them have is not enough for all of it.
        assertTrue(IntStream.of(peers.loads).filter(load -> load > 0).count() >= 3);
    }

    @Test
    void leastTimePrefersTheFastOneUntilItIsBusy() {
        Peers peers = Peers.same(3);
        peers.latencies[0] = 30;
        peers.latencies[1] = 10;
        peers.latencies[2] = 100;
        LeastTime balancer = new LeastTime();
        assertEquals(1, balancer.pick(peers, 0));
        peers.loads[1] = 3;
        assertEquals(0, balancer.pick(peers, 0));
        peers.weights[2] = 20;
        assertEquals(2, balancer.pick(peers, 0));
    }

    /** A peer that has not answered yet gets its share and no flood. */
    @Test
    void leastTimeIsFairToANewPeer() {
        Peers peers = Peers.same(3);
        peers.latencies[0] = 50;
        peers.latencies[1] = 50;
        LeastTime balancer = new LeastTime();
        for (int i = 0; i < 30; i++) {
            peers.loads[balancer.pick(peers, 0)]++;
        }
        for (int load : peers.loads) {
            assertEquals(10, load);
        }
    }

    @Test
    void leastTimeTakesTurnsWhileNothingIsKnown() {
        Peers peers = Peers.same(3);
        int[] counts = new int[3];
        LeastTime balancer = new LeastTime();
        for (int i = 0; i < 30; i++) {
            counts[balancer.pick(peers, 0)]++;
        }
        for (int count : counts) {
            assertEquals(10, count);
        }
    }

    @Test
    void hashesOfBytesDependOnEveryByte() {
        byte[] text = "0123456789abcdefghij".getBytes();
        long whole = KeyHash.of(text);
        for (int i = 0; i < text.length; i++) {
            text[i]++;
            assertTrue(KeyHash.of(text) != whole, "byte " + i);
            text[i]--;
        }
        assertEquals(whole, KeyHash.of(text));
        assertTrue(KeyHash.of(new byte[1]) != KeyHash.of(new byte[2]));
    }
}
