package dev.sluice.common.zones;

import dev.sluice.common.config.MainConfig;
import dev.sluice.common.config.PeerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.UpstreamConfig;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * What all workers know of the peers together: one row for each, found by the name of its upstream
 * and its own text, so that it survives reloads and crashes. An upstream with a circuit has a row
 * more, {@link #CIRCUIT}, of which {@link #HEALTH} alone is used.
 *
 * <pre>
 *   0            8                              8 + 8 R                        8 + 8 R + R L
 *   +------------+------------------------------+------------------------------+
 *   | lanes used | R rows of 8 words            | L lanes of R words           |
 *   | lease      | see the constants below      | requests under way, per row  |
 *   +------------+------------------------------+------------------------------+
 * </pre>
 *
 * A lane's words are written by the one process that has the lane, so a count needs no lock and the
 * words of a process that died are known: the master zeroes them when it has reaped it. The sum of
 * a row over all lanes is what its peer has under way. Lanes lie apart, so that workers do not
 * write to one cache line.
 *
 * <p>Rows are claimed and freed by the master alone. Any process may use the words of a row.
 */
public final class PeerTable {

    /** Words of a row; {@link #KEY} is the master's. */
    public static final int KEY = 0;
    /** Passive health: one word that says all, see the worker's PeerHealth. */
    public static final int HEALTH = 1;
    /** When it came back last or was first seen, in milliseconds of the monotonic clock. */
    public static final int UP_SINCE_MS = 2;
    /** How long its answers take, in nanoseconds; 0 before the first. */
    public static final int LATENCY_NS = 3;
    /** When that was last measured, in nanoseconds of the monotonic clock. */
    public static final int LATENCY_AT_NS = 4;
    /** Active checks: what they say, and when that changed; 0 without any. */
    public static final int CHECK = 5;
    public static final int CHECK_AT_MS = 6;
    /** Of a place for an address of a name: which one holds it, as a hash; 0 when it is free. */
    public static final int ADDRESS = 7;

    /** Stands for the upstream itself; no peer has an empty text. */
    public static final String CIRCUIT = "";

    /** The kind of its zone. */
    public static final String KIND = "peers";

    private static final int HEADER_WORDS = 8;
    private static final int ROW_WORDS = 8;
    private static final int LAYOUT = 1;
    private static final long EMPTY = 0;
    /** Was in use: a search goes on behind it. */
    private static final long FREED = 1;
    private static final int ROWS_MIN = 64;
    private static final int LANES_MIN = 32;
    /** Generations of a configuration that says nothing about itself. */
    private static final int GENERATIONS = 3;
    private static final int LANE_BITS = 16;

    private final ZoneFile zone;
    private final int rowCount;
    private final int laneCount;

    public PeerTable(ZoneFile zone) {
        this.zone = zone;
        rowCount = (int) (zone.spec().identity() >>> LANE_BITS);
        laneCount = (int) zone.spec().identity() & (1 << LANE_BITS) - 1;
        assert zone.wordCount() == wordCount(rowCount, laneCount);
    }

    /** Sized in steps of two, so that most reloads that add or remove peers keep the state. */
    public static ZoneSpec spec(SluiceConfig config) {
        int rows = config.upstreams().stream().mapToInt(PeerTable::rowsOf).sum();
        return spec(powerOfTwo(Math.max(ROWS_MIN, rows * generations(config))), lanes(config));
    }

    private static int rowsOf(UpstreamConfig upstream) {
        int peers = upstream.peers().stream().mapToInt(peer -> peer.places().size()).sum();
        return upstream.circuit() == null ? peers : peers + 1;
    }

    /** Enough for all processes that live at once. */
    static int lanes(SluiceConfig config) {
        int workers = config.main() == null ? 1 : config.main().workers();
        return powerOfTwo(Math.max(LANES_MIN, workers * generations(config)));
    }

    /** How many live at once; each may have other peers, and one more that is rolled back. */
    private static int generations(SluiceConfig config) {
        MainConfig main = config.main();
        return 1 + (main == null ? GENERATIONS : main.maxGenerations());
    }

    static ZoneSpec spec(int rows, int lanes) {
        return new ZoneSpec(KIND, "all", LAYOUT, wordCount(rows, lanes),
                (long) rows << LANE_BITS | lanes);
    }

    /** A table for one process, which needs no row to be claimed. */
    public static PeerTable small() {
        return new PeerTable(ZoneFile.inMemory(spec(1, 1)));
    }

    private static int powerOfTwo(int least) {
        return Integer.highestOneBit(least - 1) << 1;
    }

    private static long wordCount(int rows, int lanes) {
        return HEADER_WORDS + (long) rows * (ROW_WORDS + lanes);
    }

    public int rowCount() {
        return rowCount;
    }

    public int laneCount() {
        return laneCount;
    }

    /** What its rows are found by: FNV-1a of both names, never one of the marks. */
    public static long key(String upstream, String peer) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : (upstream + "\n" + peer).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ b & 0xff) * 0x100000001b3L;
        }
        hash ^= hash >>> 32;
        return hash == EMPTY || hash == FREED ? ~hash : hash;
    }

    // ---- rows; claiming and freeing is the master's

    /** Gives rows to all peers of a configuration and takes back those of nobody. */
    public void prepare(SluiceConfig next, Collection<SluiceConfig> living) {
        Set<Long> used = new HashSet<>();
        living.forEach(config -> addKeys(config, used));
        Set<Long> wanted = new HashSet<>();
        addKeys(next, wanted);
        used.addAll(wanted);
        for (int row = 0; row < rowCount; row++) {
            long key = zone.get(index(row, KEY));
            if (key != EMPTY && key != FREED && !used.contains(key)) {
                free(row);
            }
        }
        wanted.forEach(this::claim);
    }

    private static void addKeys(SluiceConfig config, Set<Long> keys) {
        for (UpstreamConfig upstream : config.upstreams()) {
            for (PeerConfig peer : upstream.peers()) {
                peer.places().forEach(place -> keys.add(key(upstream.name(), place)));
            }
            if (upstream.circuit() != null) {
                keys.add(key(upstream.name(), CIRCUIT));
            }
        }
    }

    private void free(int row) {
        for (int lane = 0; lane < laneCount; lane++) {
            zone.set(laneIndex(row, lane), 0);
        }
        for (int word = 1; word < ROW_WORDS; word++) {
            zone.set(index(row, word), 0);
        }
        zone.set(index(row, KEY), FREED);
    }

    private void claim(long key) {
        if (find(key) >= 0) {
            return;
        }
        for (int i = 0; i < rowCount; i++) {
            int row = place(key, i);
            long found = zone.get(index(row, KEY));
            if (found == EMPTY || found == FREED) {
                zone.set(index(row, KEY), key);
                return;
            }
        }
    }

    /** The row of a peer, or -1 when the table has had no room for it. */
    public int find(long key) {
        for (int i = 0; i < rowCount; i++) {
            int row = place(key, i);
            long found = zone.get(index(row, KEY));
            if (found == key) {
                return row;
            }
            if (found == EMPTY) {
                return -1;
            }
        }
        return -1;
    }

    private int place(long key, int step) {
        return (int) key + step & rowCount - 1;
    }

    // ---- words of a row

    private static int index(int row, int word) {
        return HEADER_WORDS + row * ROW_WORDS + word;
    }

    public long get(int row, int word) {
        return zone.get(index(row, word));
    }

    public void set(int row, int word, long value) {
        zone.set(index(row, word), value);
    }

    public boolean compareAndSet(int row, int word, long expected, long value) {
        return zone.compareAndSet(index(row, word), expected, value);
    }

    // ---- the lease: which process makes the active checks

    /** Who holds it and until when, or 0; the meaning is that of who uses it. */
    public long lease() {
        return zone.get(1);
    }

    public boolean changeLease(long expected, long value) {
        return zone.compareAndSet(1, expected, value);
    }

    // ---- lanes

    private long laneIndex(int row, int lane) {
        return HEADER_WORDS + (long) rowCount * (ROW_WORDS + lane) + row;
    }

    /** A process begins to use its lane; before any of its counts. */
    public void useLane(int lane) {
        assert lane < laneCount;
        long used = zone.get(0);
        while (used <= lane && !zone.compareAndSet(0, used, lane + 1L)) {
            used = zone.get(0);
        }
    }

    /** Stores the count of the caller's own lane. */
    public void setCount(int row, int lane, int count) {
        zone.set(laneIndex(row, lane), count);
    }

    /** The same, and no later read of the caller is done before it: for a limit. */
    public void addCount(int row, int lane, int n) {
        zone.getAndAdd(laneIndex(row, lane), n);
    }

    /** The requests under way of all processes together. */
    public int sum(int row) {
        long sum = 0;
        int used = (int) zone.get(0);
        for (int lane = 0; lane < used; lane++) {
            sum += zone.get(laneIndex(row, lane));
        }
        return (int) sum;
    }

    /** The process that had this lane is gone. */
    public void clearLane(int lane) {
        if (lane < laneCount) {
            for (int row = 0; row < rowCount; row++) {
                zone.set(laneIndex(row, lane), 0);
            }
        }
    }
}
