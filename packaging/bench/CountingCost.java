import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.counters.CounterFile;
import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterLabels;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.PeerCounters;
import dev.sluice.common.counters.ServerCounters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Nanoseconds that a worker counts for one request: all stores of one that it answers itself, and
 * of one that it passes on over kept connections, each with a turn of the loop of its own, which is
 * the most that one can cost. Words: FOLDER-IN-MEMORY [SECONDS].
 */
final class CountingCost {

    private static final int BATCH = 100_000;

    private final CounterWriter all;
    private final ServerCounters server;
    private final ServerCounters location;
    private final ServerCounters connect;
    private final ServerCounters header;
    private final PeerCounters peer;
    /** Durations that do not always fall into one bucket. */
    private final long[] durations = new long[1024];

    private CountingCost(Path file) throws Exception {
        CounterFile.create(file, CounterLabels.numbered(40, 10));
        all = CounterWriter.open(file);
        server = all.server(3);
        location = all.server(17);
        connect = all.server(30);
        header = all.server(31);
        peer = all.peer(5);
        for (int i = 0; i < durations.length; i++) {
            durations[i] = 50_000L << i % 7;
        }
    }

    public static void main(String[] words) throws Exception {
        Path file = Files.createTempFile(Path.of(words[0]), "counting", ".ctr");
        double seconds = words.length > 1 ? Double.parseDouble(words[1]) : 3;
        CountingCost cost = new CountingCost(file);
        Files.delete(file);
        System.out.printf("own %.1f%n", median(seconds, cost::own));
        System.out.printf("proxied %.1f%n", median(seconds, cost::proxied));
    }

    /** Of batches, after a third of the time, in nanoseconds a request. */
    private static double median(double seconds, Runnable batch) {
        long startNs = SystemClock.INSTANCE.nowNs();
        double[] found = new double[1_000_000];
        int count = 0;
        while (SystemClock.INSTANCE.nowNs() - startNs < seconds * 1e9) {
            long fromNs = SystemClock.INSTANCE.nowNs();
            batch.run();
            long tookNs = SystemClock.INSTANCE.nowNs() - fromNs;
            if (fromNs - startNs > seconds * 1e9 / 3) {
                found[count++] = (double) tookNs / BATCH;
            }
        }
        Arrays.sort(found, 0, count);
        return found[count / 2];
    }

    private void own() {
        for (int i = 0; i < BATCH; i++) {
            request(durations[i & 1023]);
        }
    }

    private void proxied() {
        for (int i = 0; i < BATCH; i++) {
            long ns = durations[i & 1023];
            request(ns);
            peer.add(PeerCounterId.REQUESTS, 1);
            peer.add(PeerCounterId.ACTIVE, 1);
            peer.add(PeerCounterId.IDLE, -1);
            peer.add(PeerCounterId.REUSES, 1);
            peer.add(PeerCounterId.BYTES_SENT, 150);
            peer.add(PeerCounterId.BYTES_RECEIVED, 300);
            peer.recordStatus(200);
            peer.recordResponseNs(ns);
            peer.add(PeerCounterId.IDLE, 1);
            peer.add(PeerCounterId.ACTIVE, -1);
            connect.recordTime(0);
            header.recordTime(ns);
        }
    }

    private void request(long ns) {
        all.add(CounterId.BYTES_RECEIVED, 120);
        all.add(CounterId.REQUESTS, 1);
        all.add(CounterId.REQUESTS_ACTIVE, 1);
        server.recordRequest(200, 120, 300, ns);
        location.recordRequest(200, 120, 300, ns);
        all.termination(0);
        all.add(CounterId.REQUESTS_ACTIVE, -1);
        all.add(CounterId.BYTES_SENT, 300);
        all.recordLoopLagNs(ns / 10);
        all.set(CounterId.HEARTBEAT_MS, ns);
        all.set(CounterId.CONNECTIONS_IDLE, 10);
        all.set(CounterId.SLABS_IN_USE, 5);
        all.set(CounterId.SLABS_MAX, 1024);
    }
}
