package dev.sluice.worker.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BalancerTest {

    private static Peers peers(String weights) {
        return new Peers(weights.chars().map(c -> c - '0').toArray());
    }

    private static String letters(Balancer balancer, Peers peers, int count) {
        StringBuilder chosen = new StringBuilder();
        for (int i = 0; i < count; i++) {
            chosen.append((char) ('a' + balancer.pick(peers, 0)));
        }
        return chosen.toString();
    }

    @ParameterizedTest
    @CsvSource({"511, aabacaa", "111, abcabc", "1, aaa", "21, abaaba", "321, abacba",
        "53, abaababa"})
    void roundRobinInterleaves(String weights, String expected) {
        Peers peers = peers(weights);
        assertEquals(expected,
                letters(new SmoothRoundRobin(peers.count()), peers, expected.length()));
    }

    @Test
    void nobodyUsableIsNone() {
        Peers peers = new Peers(1, 2);
        peers.down[0] = true;
        peers.down[1] = true;
        assertEquals(Balancer.NONE, new SmoothRoundRobin(2).pick(peers, 0));
        assertEquals(Balancer.NONE, new LeastConnections(2).pick(peers, 0));
        assertEquals(Balancer.NONE, new SmoothRoundRobin(0).pick(new Peers(), 0));
        assertEquals(Balancer.NONE, new LeastConnections(0).pick(new Peers(), 0));
    }

    @ParameterizedTest
    @CsvSource({"11, 1 0, b", "31, 2 1, a", "31, 4 1, b", "111, 5 3 4, b", "91, 8 1, a"})
    void leastConnectionsWeighsTheLoad(String weights, String loads, String expected) {
        Peers peers = peers(weights);
        String[] each = loads.split(" ");
        for (int i = 0; i < each.length; i++) {
            peers.loads[i] = Integer.parseInt(each[i]);
        }
        assertEquals(expected, letters(new LeastConnections(peers.count()), peers, 1));
    }

    @Test
    void equalLoadsTakeTurns() {
        Peers peers = peers("111");
        assertEquals("abcabc", letters(new LeastConnections(3), peers, 6));
        peers.loads[1] = 1;
        assertEquals("acac", letters(new LeastConnections(3), peers, 4));
    }

    /** Any weights, over whole rounds: each candidate gets exactly its share. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void roundRobinIsExactOverARound(long seed) {
        Random random = new Random(seed);
        Peers peers = new Peers(random.ints(1 + random.nextInt(9), 1, 20).toArray());
        int round = IntStream.of(peers.weights).sum();
        int[] counts = new int[peers.count()];
        SmoothRoundRobin balancer = new SmoothRoundRobin(peers.count());
        for (int i = 0; i < round * 3; i++) {
            counts[balancer.pick(peers, 0)]++;
        }
        for (int i = 0; i < counts.length; i++) {
            assertEquals(3 * peers.weights[i], counts[i], "seed " + seed + " peer " + i);
        }
    }

    /** Whatever comes and goes: a usable one is found whenever there is one, the least loaded. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void choosesTheLeastLoadedUsableOne(long seed) {
        Random random = new Random(seed);
        Peers peers = new Peers(random.ints(5, 1, 10).toArray());
        Balancer least = new LeastConnections(5);
        Balancer robin = new SmoothRoundRobin(5);
        for (int step = 0; step < 2000; step++) {
            int any = random.nextInt(5);
            peers.down[any] = random.nextBoolean();
            peers.loads[any] = random.nextInt(50);
            boolean someone = IntStream.range(0, 5).anyMatch(peers::usable);
            int chosen = least.pick(peers, 0);
            int next = robin.pick(peers, 0);
            assertEquals(someone, chosen != Balancer.NONE, "seed " + seed);
            assertEquals(someone, next != Balancer.NONE, "seed " + seed);
            if (someone) {
                assertTrue(peers.usable(chosen) && peers.usable(next), "seed " + seed);
                for (int i = 0; i < 5; i++) {
                    assertTrue(!peers.usable(i) || peers.loads[chosen] * peers.weights[i]
                            <= peers.loads[i] * peers.weights[chosen], "seed " + seed);
                }
            }
        }
    }
}
