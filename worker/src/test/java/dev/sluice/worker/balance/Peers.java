package dev.sluice.worker.balance;

import java.util.stream.IntStream;

/** Candidates whose facts a test sets. */
final class Peers implements Candidates {

    final int[] weights;
    final int[] loads;
    final long[] latencies;
    final boolean[] down;

    Peers(int... weights) {
        this.weights = weights;
        loads = new int[weights.length];
        latencies = new long[weights.length];
        down = new boolean[weights.length];
    }

    static Peers same(int count) {
        return new Peers(IntStream.range(0, count).map(i -> 1).toArray());
    }

    boolean anyUsable() {
        return IntStream.range(0, count()).anyMatch(this::usable);
    }

    @Override
    public int count() {
        return weights.length;
    }

    @Override
    public int weight(int index) {
        return weights[index];
    }

    @Override
    public int inFlight(int index) {
        return loads[index];
    }

    @Override
    public long latencyNs(int index) {
        return latencies[index];
    }

    @Override
    public boolean usable(int index) {
        return !down[index];
    }

    @Override
    public String name(int index) {
        return "peer" + index;
    }
}
