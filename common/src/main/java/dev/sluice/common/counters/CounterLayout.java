package dev.sluice.common.counters;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Where each value stands in a counter file. All numbers are little-endian, all offsets are bytes,
 * each block begins at a multiple of 64 so that two owners never share a cache line.
 *
 * <pre>
 *   0        8        12         16         24      28      32       36
 *   +--------+--------+----------+----------+-------+-------+--------+-------+
 *   | magic  |version |header    |file bytes|scalars|reasons|time    |lag    |
 *   | u64    |u32     |bytes u32 |u64       |u32    |u32    |buckets |buckets|
 *   +--------+--------+----------+----------+-------+-------+--------+-------+
 *   40       44         48       52         56      60      64
 *   +--------+----------+--------+----------+-------+-------+----------------------+-----+
 *   |servers |server    |peers   |peer      |table  |table  | label table          |zeros|
 *   |u32     |scalars   |u32     |scalars   |bytes  |CRC32  | {u16 length, UTF-8}* |     |
 *   +--------+----------+--------+----------+-------+-------+----------------------+-----+
 *   header bytes
 *   +-----------------------------------------------------------------------+
 *   | worker: scalars | reasons | lag counts | lag sum | one unread word     |   u64 each
 *   +-----------------------------------------------------------------------+
 *   | server 0: scalars | time counts | time sum | zeros to 64              |
 *   | server 1: ...                                                         |
 *   +-----------------------------------------------------------------------+
 *   | peer 0: scalars | time counts | time sum | zeros to 64                |
 *   | peer 1: ...                                                           |
 *   +-----------------------------------------------------------------------+
 *   | totals with a name of their own | zeros to 64                         |   u64 each
 *   +-----------------------------------------------------------------------+
 * </pre>
 *
 * Label table, in this order: names of the scalars, reasons, server scalars, peer scalars; then the
 * servers; then two strings for each peer; then, up to its end, the named totals. Sums are
 * microseconds. Scalars are found by name, never by position, so a worker of a newer build can
 * write into the file of an older master: what that file does not know goes to the unread word.
 *
 * <p>Made once per open file, then read-only.
 */
final class CounterLayout {
    static final long MAGIC = 0x5443_4543_4955_4c53L; // "SLUICECT"
    static final int VERSION = 1;
    static final int FIXED_BYTES = 64;

    /** Bounds what a damaged header can make a reader allocate or map. */
    static final int FILE_BYTES_MAX = 256 << 20;

    private static final int BLOCK_ALIGN = 64;
    private static final int WORD = Long.BYTES;

    final CounterLabels labels;
    final int headerBytes;
    final int fileBytes;

    /** Offsets in the file by ordinal of our enums; the unread word where the file has no place. */
    final int[] scalarAt;

    final int[] terminationAt;
    final int[] serverScalarAt;
    final int[] peerScalarAt;

    final int lagAt;
    final int unreadAt;
    final int firstServerAt;
    final int serverStride;
    final int serverTimesAt;
    final int firstPeerAt;
    final int peerStride;
    final int peerTimesAt;
    final int firstNamedAt;

    private CounterLayout(Names names, CounterLabels labels, int headerBytes) {
        this.labels = labels;
        this.headerBytes = headerBytes;
        int at = headerBytes + (names.scalars.size() + labels.terminations().size()) * WORD;
        lagAt = at;
        at += (HistogramBounds.LOOP_LAG.bucketCount() + 1) * WORD;
        unreadAt = at;
        firstServerAt = align(at + WORD);
        serverTimesAt = names.serverScalars.size() * WORD;
        serverStride = align(serverTimesAt + timesBytes());
        firstPeerAt = firstServerAt + labels.servers().size() * serverStride;
        peerTimesAt = names.peerScalars.size() * WORD;
        peerStride = align(peerTimesAt + timesBytes());
        firstNamedAt = Math.toIntExact(firstPeerAt + (long) labels.peers().size() * peerStride);
        fileBytes = align(firstNamedAt + labels.named().size() * WORD);

        scalarAt = places(names(CounterId.values()), names.scalars, headerBytes);
        int reasonsAt = headerBytes + names.scalars.size() * WORD;
        terminationAt = places(Termination.labels(), labels.terminations(), reasonsAt);
        serverScalarAt = places(names(ServerCounterId.values()), names.serverScalars, 0);
        peerScalarAt = places(names(PeerCounterId.values()), names.peerScalars, 0);
    }

    private static int timesBytes() {
        return (HistogramBounds.TIMES.bucketCount() + 1) * WORD;
    }

    /** Offset of each of our names, or -1 where the file lacks it. */
    private static int[] places(List<String> ours, List<String> theirs, int from) {
        int[] at = new int[ours.size()];
        for (int i = 0; i < at.length; i++) {
            int index = theirs.indexOf(ours.get(i));
            at[i] = index < 0 ? -1 : from + index * WORD;
        }
        return at;
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toList();
    }

    private static int align(int bytes) {
        return (bytes + BLOCK_ALIGN - 1) & -BLOCK_ALIGN;
    }

    /** The layout of a new file of this build. */
    static CounterLayout of(CounterLabels labels) {
        Names names = Names.ours();
        return new CounterLayout(names, labels, align(FIXED_BYTES + table(names, labels).length));
    }

    /** A whole new file of this build: header and zeros. */
    ByteBuffer newFile() {
        Names names = Names.ours();
        byte[] table = table(names, labels);
        ByteBuffer b = ByteBuffer.allocate(fileBytes).order(ByteOrder.LITTLE_ENDIAN);
        b.putLong(MAGIC).putInt(VERSION).putInt(headerBytes).putLong(fileBytes);
        b.putInt(names.scalars.size()).putInt(labels.terminations().size());
        b.putInt(HistogramBounds.TIMES.bucketCount());
        b.putInt(HistogramBounds.LOOP_LAG.bucketCount());
        b.putInt(labels.servers().size()).putInt(names.serverScalars.size());
        b.putInt(labels.peers().size()).putInt(names.peerScalars.size());
        b.putInt(table.length).putInt(crc(table));
        assert b.position() == FIXED_BYTES;
        b.put(table);
        return b.rewind();
    }

    private static byte[] table(Names names, CounterLabels labels) {
        List<String> all = new ArrayList<>(names.scalars);
        all.addAll(labels.terminations());
        all.addAll(names.serverScalars);
        all.addAll(names.peerScalars);
        all.addAll(labels.servers());
        for (PeerLabel p : labels.peers()) {
            all.add(p.upstream());
            all.add(p.peer());
        }
        all.addAll(labels.named());
        List<byte[]> encoded = all.stream().map(CounterLayout::encode).toList();
        int bytes = encoded.stream().mapToInt(e -> Short.BYTES + e.length).sum();
        ByteBuffer b = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] e : encoded) {
            b.putShort((short) e.length).put(e);
        }
        return b.array();
    }

    private static byte[] encode(String s) {
        byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
        return utf8.length <= 0xffff ? utf8 : Arrays.copyOf(utf8, 0xffff);
    }

    private static int crc(byte[] table) {
        CRC32 crc = new CRC32();
        crc.update(table);
        return (int) crc.getValue();
    }

    /** Bytes to read for {@link #parse}, known from the first 64. */
    static int headerBytes(ByteBuffer fixed) throws IOException {
        ByteBuffer b = fixed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (b.remaining() < FIXED_BYTES || b.getLong() != MAGIC) {
            throw new IOException("not a counter file, or one that is not finished");
        }
        int version = b.getInt();
        if (version != VERSION) {
            throw new IOException("counter file of version " + version + ", not " + VERSION);
        }
        int bytes = b.getInt();
        if (bytes < FIXED_BYTES || bytes > FILE_BYTES_MAX || bytes % BLOCK_ALIGN != 0) {
            throw new IOException("counter file with a header of " + bytes + " bytes");
        }
        return bytes;
    }

    /** Reads a header; {@code actualBytes} is the length of the file it came from. */
    static CounterLayout parse(ByteBuffer header, long actualBytes) throws IOException {
        int headerBytes = headerBytes(header);
        ByteBuffer b = header.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        b.position(b.position() + 16);
        try {
            long fileBytes = b.getLong();
            int[] count = new int[8];
            for (int i = 0; i < count.length; i++) {
                count[i] = b.getInt();
                if (count[i] < 0 || count[i] > FILE_BYTES_MAX / 2) {
                    throw new IOException("counter file with a damaged header");
                }
            }
            byte[] table = new byte[Math.clamp(b.getInt(), 0, headerBytes - FIXED_BYTES)];
            int expectedCrc = b.getInt();
            b.get(table);
            boolean ourBuckets =
                    count[2] == HistogramBounds.TIMES.bucketCount()
                            && count[3] == HistogramBounds.LOOP_LAG.bucketCount();
            if (crc(table) != expectedCrc || !ourBuckets) {
                throw new IOException("counter file with a damaged header");
            }
            ByteBuffer t = ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN);
            List<String> scalars = strings(t, count[0]);
            List<String> terminations = strings(t, count[1]);
            Names names = new Names(scalars, strings(t, count[5]), strings(t, count[7]));
            List<String> servers = strings(t, count[4]);
            List<PeerLabel> peers = new ArrayList<>();
            for (int i = 0; i < count[6]; i++) {
                peers.add(new PeerLabel(string(t), string(t)));
            }
            List<String> named = new ArrayList<>();
            while (t.hasRemaining()) {
                named.add(string(t));
            }
            CounterLabels labels = new CounterLabels(servers, peers, terminations, named);
            CounterLayout layout = new CounterLayout(names, labels, headerBytes);
            if (layout.fileBytes != fileBytes || actualBytes < fileBytes) {
                throw new IOException(
                        "counter file of " + actualBytes + " bytes, expected " + fileBytes);
            }
            return layout;
        } catch (BufferUnderflowException | ArithmeticException e) {
            throw new IOException("counter file with a damaged header", e);
        }
    }

    private static List<String> strings(ByteBuffer b, int count) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(string(b));
        }
        return all;
    }

    private static String string(ByteBuffer b) {
        byte[] utf8 = new byte[Short.toUnsignedInt(b.getShort())];
        b.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Names of the scalars that a file holds, in its order. */
    private record Names(
            List<String> scalars, List<String> serverScalars, List<String> peerScalars) {
        static Names ours() {
            return new Names(
                    names(CounterId.values()),
                    names(ServerCounterId.values()),
                    names(PeerCounterId.values()));
        }
    }
}
