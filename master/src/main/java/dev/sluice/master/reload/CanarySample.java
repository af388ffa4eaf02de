package dev.sluice.master.reload;

import dev.sluice.common.counters.BlockLabels;
import dev.sluice.common.counters.CounterLabels;
import dev.sluice.common.counters.CounterValues;
import dev.sluice.common.counters.HistogramBounds;
import dev.sluice.common.counters.HistogramCounts;
import dev.sluice.common.counters.ServerCounterId;
import dev.sluice.common.counters.Termination;
import java.util.List;

/**
 * What some workers answered in a window of time: how many requests, how many of them badly, how
 * fast. Owner: whoever made it.
 */
final class CanarySample {

    private static final HistogramBounds BOUNDS = HistogramBounds.TIMES;

    private long requests;
    private long serverErrors;
    private long badEnds;
    private long bugs;
    private final long[] times = new long[BOUNDS.bucketCount()];

    /** Adds a worker's counts of now, less those of the start; times less those of settled. */
    void add(CounterValues now, CounterValues start, CounterValues settled) {
        for (int i = 0; i < now.servers().size(); i++) {
            var server = now.servers().get(i);
            if (!BlockLabels.isServer(server.server())) {
                // The same requests once more.
                continue;
            }
            var before = start.servers().get(i);
            addAnswers(
                    server.value(ServerCounterId.REQUESTS)
                            - before.value(ServerCounterId.REQUESTS),
                    server.value(ServerCounterId.RESPONSES_5XX)
                            - before.value(ServerCounterId.RESPONSES_5XX));
            addTimes(server.times(), settled.servers().get(i).times());
        }
        CounterLabels labels = now.labels();
        List<String> reasons = labels.terminations();
        for (int i = 0; i < reasons.size(); i++) {
            addEnds(reasons.get(i), now.termination(i) - start.termination(i));
        }
    }

    void addAnswers(long all, long withServerError) {
        requests += all;
        serverErrors += withServerError;
    }

    /** Exchanges that ended for this reason; what the client did is nobody's fault here. */
    void addEnds(String label, long count) {
        for (Termination reason : Termination.values()) {
            if (reason.label().equals(label)
                    && reason.side() != Termination.Side.NONE
                    && reason.side() != Termination.Side.CLIENT) {
                badEnds += count;
                bugs += reason == Termination.WORKER_ERROR ? count : 0;
            }
        }
    }

    private void addTimes(HistogramCounts now, HistogramCounts before) {
        for (int i = 0; i < times.length; i++) {
            times[i] += now.count(i) - before.count(i);
        }
    }

    /** So many requests took so long. */
    void addTimes(long durationNs, long count) {
        times[BOUNDS.bucketOf(durationNs)] += count;
    }

    long requests() {
        return requests;
    }

    long serverErrors() {
        return serverErrors;
    }

    long badEnds() {
        return badEnds;
    }

    long bugs() {
        return bugs;
    }

    long timed() {
        long sum = 0;
        for (long count : times) {
            sum += count;
        }
        return sum;
    }

    /** At most this long took 99 of 100; the bound of its bucket above, in nanoseconds. */
    long p99AtMostNs() {
        int bucket = p99Bucket();
        return bucket == times.length - 1 ? Long.MAX_VALUE : BOUNDS.boundNs(bucket);
    }

    /** The slowest one of 100 took at least this long; the bound below, in nanoseconds. */
    long p99AtLeastNs() {
        int bucket = p99Bucket();
        return bucket == 0 ? 0 : BOUNDS.boundNs(bucket - 1);
    }

    private int p99Bucket() {
        long rank = timed() - timed() / 100;
        long seen = 0;
        for (int i = 0; i < times.length; i++) {
            seen += times[i];
            if (seen >= rank) {
                return i;
            }
        }
        return times.length - 1;
    }
}
