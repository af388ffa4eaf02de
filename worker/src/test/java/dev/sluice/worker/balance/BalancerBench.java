package dev.sluice.worker.balance;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds of one choice among peers of equal weight, a few of which are busy. Run as the
 * benchmark of routing is.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(value = 1, jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx256m"})
public class BalancerBench {

    @Param({"3", "30", "300"})
    private int peerCount;

    private Peers peers;
    private SmoothRoundRobin roundRobin;
    private LeastConnections leastConnections;
    private RandomTwo randomTwo;
    private LeastTime leastTime;
    private Rendezvous hash;
    private Rendezvous boundedHash;
    private long key;

    @Setup
    public void build() {
        peers = Peers.same(peerCount);
        for (int i = 0; i < peerCount; i++) {
            peers.loads[i] = i % 7;
            peers.latencies[i] = 1_000_000 + i % 5 * 100_000;
        }
        long[] names = IntStream.range(0, peerCount).mapToLong(KeyHash::mix).toArray();
        roundRobin = new SmoothRoundRobin(peerCount);
        leastConnections = new LeastConnections(peerCount);
        randomTwo = new RandomTwo(1);
        leastTime = new LeastTime();
        hash = new Rendezvous(names, 0);
        boundedHash = new Rendezvous(names, 125);
    }

    @Benchmark
    public int roundRobin() {
        return roundRobin.pick(peers, 0);
    }

    @Benchmark
    public int leastConnections() {
        return leastConnections.pick(peers, 0);
    }

    @Benchmark
    public int randomTwo() {
        return randomTwo.pick(peers, 0);
    }

    @Benchmark
    public int leastTime() {
        return leastTime.pick(peers, 0);
    }

    @Benchmark
    public int hash() {
        return hash.pick(peers, ++key);
    }

    @Benchmark
    public int boundedHash() {
        return boundedHash.pick(peers, ++key);
    }
}
