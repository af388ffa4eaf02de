package dev.sluice.common.flight;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A ring of records of fixed size, one for each of a worker's last requests. The master makes the
 * file, one worker writes it through a mapping, anybody may read it, also after the worker's
 * death. Numbers are little-endian.
 *
 * <pre>
 *   0        8         12         16          20                 64
 *   +--------+---------+----------+-----------+------------------+------------------+--------+
 *   | magic  | version | records  | labels    | zeros            | records of 256   | labels |
 *   | u64    | u32     | u32, 2^n | bytes u32 |                  | bytes            | UTF-8  |
 *   +--------+---------+----------+-----------+------------------+------------------+--------+
 *
 *   a record
 *   0        8          16      20       24      28        32       40        48      50
 *   +--------+----------+-------+--------+-------+---------+--------+---------+-------+---------+
 *   | serial | began    | total | connect| head  | response| bytes  | bytes   | status| peer's  |
 *   | u64    | ms, u64  | us u32| us u32 | us u32| us u32  | in u64 | out u64 | u16   | stat u16|
 *   +--------+----------+-------+--------+-------+---------+--------+---------+-------+---------+
 *   52       54      56     58     59      60     61       62    64       112     160
 *   +--------+-------+------+------+-------+------+--------+-----+--------+-------+-------------+
 *   | reason | server| route| tries| client| peer | request| port| client | peer  | method and  |
 *   | u16    | u16   | u16  | u8   | length| len. | length | u16 | 48     | 48    | path, 96    |
 *   +--------+-------+------+------+-------+------+--------+-----+--------+-------+-------------+
 * </pre>
 *
 * A record whose serial is 0 was never used, or was being written. A total of {@link #UNDER_WAY}
 * belongs to a request that had not ended. Labels are two lists with a NUL between them: reasons,
 * and the blocks of the counter file; lines end with LF, which no name has.
 *
 * <p>Stateless.
 */
public final class FlightFile {

    static final long MAGIC = 0x5448_474c_4649_4c53L; // "SLIFLGHT"
    static final int VERSION = 1;
    static final int HEADER_BYTES = 64;
    public static final int RECORD_BYTES = 256;

    static final int BEGAN_AT = 8;
    static final int TOTAL_AT = 16;
    static final int CONNECT_AT = 20;
    static final int HEAD_AT = 24;
    static final int RESPONSE_AT = 28;
    static final int IN_AT = 32;
    static final int OUT_AT = 40;
    static final int STATUS_AT = 48;
    static final int PEER_STATUS_AT = 50;
    static final int REASON_AT = 52;
    static final int SERVER_AT = 54;
    static final int ROUTE_AT = 56;
    static final int TRIES_AT = 58;
    static final int CLIENT_LENGTH_AT = 59;
    static final int PEER_LENGTH_AT = 60;
    static final int REQUEST_LENGTH_AT = 61;
    static final int PORT_AT = 62;
    static final int CLIENT_AT = 64;
    static final int PEER_AT = 112;
    static final int REQUEST_AT = 160;

    /** Of a time: not measured; of the total: not ended. */
    static final int UNDER_WAY = -1;
    /** Of a server or a route: none. */
    static final int NONE = 0xffff;

    /** The longest ring: 16 MiB of each worker. */
    public static final int RECORDS_MAX = 65_536;

    private static final int LABELS_BYTES_MAX = 1 << 20;

    private FlightFile() {
    }

    /** What a ring holds that is to have so many records: a power of two. */
    public static int rounded(int records) {
        int below = Integer.highestOneBit(Math.clamp(records, 1, RECORDS_MAX));
        return below < records && below < RECORDS_MAX ? below << 1 : below;
    }

    /** The file that belongs to a counter file. */
    public static Path beside(Path counters) {
        String name = counters.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return counters.resolveSibling(name.substring(0, dot < 0 ? name.length() : dot)
                .concat(".flight"));
    }

    /**
     * Creates a file of zeros, which are written and not left as a hole: a full tmpfs is an
     * IOException here and no SIGBUS in the worker. Mode 0600.
     *
     * @param reasons labels of terminations, by ordinal
     * @param blocks labels of servers and routes, by the places of their counters
     */
    public static void create(Path file, int records, List<String> reasons, List<String> blocks)
            throws IOException {
        assert records == rounded(records) : records;
        byte[] labels = (String.join("\n", reasons) + "\0" + String.join("\n", blocks))
                .getBytes(StandardCharsets.UTF_8);
        int kept = Math.min(labels.length, LABELS_BYTES_MAX);
        ByteBuffer whole = ByteBuffer.allocate(HEADER_BYTES + records * RECORD_BYTES + kept)
                .order(ByteOrder.LITTLE_ENDIAN);
        whole.putLong(MAGIC).putInt(VERSION).putInt(records).putInt(kept);
        whole.put(whole.capacity() - kept, labels, 0, kept).rewind();
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            while (whole.hasRemaining()) {
                channel.write(whole);
            }
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
