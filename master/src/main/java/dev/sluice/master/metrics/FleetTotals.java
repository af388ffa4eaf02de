package dev.sluice.master.metrics;

import dev.sluice.common.counters.CounterId;
import dev.sluice.common.counters.CounterKind;
import dev.sluice.common.counters.CounterLabels;
import dev.sluice.common.counters.CounterSums;
import dev.sluice.common.counters.CounterValues;
import dev.sluice.common.counters.HistogramBounds;
import dev.sluice.common.counters.HistogramCounts;
import dev.sluice.common.counters.PeerCounterId;
import dev.sluice.common.counters.PeerLabel;
import dev.sluice.common.counters.ServerCounterId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sums of the values of several workers. Blocks are summed by their labels and not by their place,
 * since workers of two generations may have different servers and peers. Owner: the thread that
 * renders.
 */
final class FleetTotals {
    /**
     * Bounds what reloads with ever new names leave behind: the eldest gone names are forgotten.
     */
    static final int GONE_LABELS_MAX = 10_000;

    final long[] scalars = new long[CounterId.values().length];
    final Map<String, Long> terminations = new LinkedHashMap<>();
    final Map<String, Long> named = new LinkedHashMap<>();
    final HistogramCounts loopLag = new HistogramCounts(HistogramBounds.LOOP_LAG);
    final Map<String, Block> servers = new LinkedHashMap<>();
    final Map<PeerLabel, Block> peers = new LinkedHashMap<>();

    /** Adds a worker that lives: everything counts. */
    void addLive(CounterValues values) {
        add(values, true);
    }

    /** Adds a worker that is gone: its levels (connections open, slabs lent) went with it. */
    void addRetired(CounterValues values) {
        add(values, false);
    }

    private void add(CounterValues values, boolean alive) {
        for (CounterId id : CounterId.values()) {
            if (counts(id.kind(), alive)) {
                scalars[id.ordinal()] += values.value(id);
            }
        }
        for (int i = 0; i < values.labels().terminations().size(); i++) {
            terminations.merge(
                    values.labels().terminations().get(i), values.termination(i), Long::sum);
        }
        for (int i = 0; i < values.labels().named().size(); i++) {
            named.merge(values.labels().named().get(i), values.named(i), Long::sum);
        }
        loopLag.add(values.loopLag());
        for (CounterValues.ServerValues s : values.servers()) {
            Block sum =
                    servers.computeIfAbsent(
                            s.server(), k -> new Block(ServerCounterId.values().length));
            for (ServerCounterId id : ServerCounterId.values()) {
                sum.scalars[id.ordinal()] += counts(id.kind(), alive) ? s.value(id) : 0;
            }
            sum.times.add(s.times());
        }
        for (CounterValues.PeerValues p : values.peers()) {
            Block sum =
                    peers.computeIfAbsent(
                            p.label(), k -> new Block(PeerCounterId.values().length));
            for (PeerCounterId id : PeerCounterId.values()) {
                sum.scalars[id.ordinal()] += counts(id.kind(), alive) ? p.value(id) : 0;
            }
            sum.times.add(p.times());
        }
    }

    private static boolean counts(CounterKind kind, boolean alive) {
        return kind == CounterKind.TOTAL || kind == CounterKind.LEVEL && alive;
    }

    /** Adds all of another sum to this one. */
    void add(FleetTotals other) {
        for (int i = 0; i < scalars.length; i++) {
            scalars[i] += other.scalars[i];
        }
        other.terminations.forEach((label, n) -> terminations.merge(label, n, Long::sum));
        other.named.forEach((label, n) -> named.merge(label, n, Long::sum));
        loopLag.add(other.loopLag);
        addBlocks(other.servers, servers);
        addBlocks(other.peers, peers);
    }

    private static <L> void addBlocks(Map<L, Block> from, Map<L, Block> to) {
        from.forEach(
                (label, block) -> {
                    to.computeIfAbsent(label, k -> new Block(block.scalars.length)).add(block);
                });
    }

    /** Forgets the eldest labels above the limit that none of the given, living ones uses. */
    void forgetGone(Set<String> liveServers, Set<PeerLabel> livePeers, Set<String> liveNames) {
        forget(named, liveNames);
        forget(servers, liveServers);
        forget(peers, livePeers);
    }

    private static <L> void forget(Map<L, ?> blocks, Set<L> live) {
        Iterator<L> eldestFirst = blocks.keySet().iterator();
        while (blocks.size() > GONE_LABELS_MAX && eldestFirst.hasNext()) {
            if (!live.contains(eldestFirst.next())) {
                eldestFirst.remove();
            }
        }
    }

    /** As a counter file, which names what it holds: a later program reads what it knows. */
    void write(Path file) throws IOException {
        CounterSums sums = new CounterSums(new CounterLabels(List.copyOf(servers.keySet()),
                List.copyOf(peers.keySet()), List.copyOf(terminations.keySet()),
                List.copyOf(named.keySet())));
        for (CounterId id : CounterId.values()) {
            sums.scalar(id, scalars[id.ordinal()]);
        }
        sums.reasons(terminations.values());
        sums.named(named.values());
        sums.loopLag(loopLag);
        int index = 0;
        for (Block server : servers.values()) {
            sums.server(index++, server.scalars, server.times);
        }
        index = 0;
        for (Block peer : peers.values()) {
            sums.peer(index++, peer.scalars, peer.times);
        }
        sums.write(file);
    }

    /** Sums of one server or peer. Owner: the thread that renders. */
    static final class Block {
        final long[] scalars;
        final HistogramCounts times = new HistogramCounts(HistogramBounds.TIMES);

        Block(int scalarCount) {
            scalars = new long[scalarCount];
        }

        void add(Block other) {
            for (int i = 0; i < scalars.length; i++) {
                scalars[i] += other.scalars[i];
            }
            times.add(other.times);
        }

        long value(Enum<?> id) {
            return scalars[id.ordinal()];
        }
    }
}
