package dev.sluice.common.counters;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * The counters of one worker, for the thread that writes them. An add is a plain read, an
 * addition and a release store: no lock, no allocation, about 2 ns.
 *
 * <p>Owner: event loop, for all of it but {@link CounterId#LOG_WRITE_ERRORS}, which belongs to
 * the log writer thread. Each word has one writing thread; two threads must never add to the same
 * one.
 */
public final class CounterWriter {
    private final CounterLayout layout;
    private final MemorySegment words;
    private final int[] scalarAt;
    private final int[] terminationAt;
    private final ServerCounters[] servers;
    private final PeerCounters[] peers;

    private CounterWriter(CounterFile file) {
        layout = file.layout;
        words = file.words;
        scalarAt = orUnread(layout.scalarAt);
        terminationAt = orUnread(layout.terminationAt);
        servers = new ServerCounters[layout.labels.servers().size()];
        for (int i = 0; i < servers.length; i++) {
            int at = layout.firstServerAt + i * layout.serverStride;
            servers[i] = new ServerCounters(words, layout, at);
        }
        peers = new PeerCounters[layout.labels.peers().size()];
        for (int i = 0; i < peers.length; i++) {
            peers[i] = new PeerCounters(words, layout, layout.firstPeerAt + i * layout.peerStride);
        }
    }

    private int[] orUnread(int[] places) {
        int[] all = places.clone();
        for (int i = 0; i < all.length; i++) {
            all[i] = all[i] < 0 ? layout.unreadAt : all[i];
        }
        return all;
    }

    /** Opens the file that the master made for this worker. */
    public static CounterWriter open(Path file) throws IOException {
        return new CounterWriter(CounterFile.openForWriting(file));
    }

    /**
     * A copy of a file's counters that goes its own way: nobody else sees what is written. They
     * are mapped like those of {@link #open}, so that compiled code finds the same classes.
     */
    public static CounterWriter openUnseen(Path file) throws IOException {
        return new CounterWriter(CounterFile.openUnseen(file));
    }

    /** Counters that nobody else sees, for tests. */
    public static CounterWriter inMemory(CounterLabels labels) {
        return new CounterWriter(CounterFile.inMemory(labels));
    }

    /** Counters that nobody else sees, for tests, with numbered labels. */
    public static CounterWriter inMemory(int serverCount, int peerCount) {
        return inMemory(CounterLabels.numbered(serverCount, peerCount));
    }

    /** The labels of the file, to check at boot that it was made for the same configuration. */
    public CounterLabels labels() {
        return layout.labels;
    }

    public void add(CounterId id, long n) {
        CounterWords.add(words, scalarAt[id.ordinal()], n);
    }

    public void set(CounterId id, long value) {
        CounterWords.set(words, scalarAt[id.ordinal()], value);
    }

    /** The value as the writing thread left it. */
    public long get(CounterId id) {
        return CounterWords.read(words, scalarAt[id.ordinal()]);
    }

    /** Counts the end of an exchange. */
    public void termination(Termination reason) {
        CounterWords.add(words, terminationAt[reason.ordinal()], 1);
    }

    /** Counts the end of an exchange by the ordinal of its {@link Termination}. */
    public void termination(int ordinal) {
        CounterWords.add(words, terminationAt[ordinal], 1);
    }

    public long terminationCount(Termination reason) {
        return CounterWords.read(words, terminationAt[reason.ordinal()]);
    }

    /** How much later than asked the loop came back to its work. */
    public void recordLoopLagNs(long lagNs) {
        CounterWords.record(words, layout.lagAt, HistogramBounds.LOOP_LAG, lagNs);
    }

    public int serverCount() {
        return servers.length;
    }

    /** Counters of the server at this place in the configuration. */
    public ServerCounters server(int index) {
        return servers[index];
    }

    public int peerCount() {
        return peers.length;
    }

    /** Counters of the peer at this place in the flattened list of all upstreams' peers. */
    public PeerCounters peer(int index) {
        return peers[index];
    }

    /** Where the total of this name is, for {@link #addNamed}. */
    public int namedAt(String name) {
        int index = layout.labels.named().indexOf(name);
        return index < 0 ? layout.unreadAt : layout.firstNamedAt + index * Long.BYTES;
    }

    /** @param at see {@link #namedAt} */
    public void addNamed(int at, long n) {
        CounterWords.add(words, at, n);
    }

    /** A snapshot of these counters as any other process would read it. */
    public CounterValues values() {
        return CounterValues.of(layout, words);
    }
}
