package dev.sluice.common.flight;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes the records of one worker: plain stores into mapped memory, which the kernel keeps when
 * the process dies at any instant. Owner: event loop.
 */
public final class FlightWriter {

    private static final long US_MAX = 0xffff_fffeL;
    private static final int NS_PER_US = 1000;

    private final ByteBuffer words;
    private final int mask;
    private long lastSerial;

    private FlightWriter(ByteBuffer words, int records) {
        assert Integer.bitCount(records) == 1 : records;
        this.words = words.order(ByteOrder.LITTLE_ENDIAN);
        this.mask = records - 1;
    }

    /**
     * Maps the file that the master made for this worker.
     *
     * @throws IOException it is not there, or is none
     */
    public static FlightWriter open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            long size = channel.size();
            ByteBuffer words = channel.map(FileChannel.MapMode.READ_WRITE, 0, size)
                    .order(ByteOrder.LITTLE_ENDIAN);
            int records = size < FlightFile.HEADER_BYTES ? 0 : words.getInt(12);
            if (records < 1 || records != FlightFile.rounded(records)
                    || words.getLong(0) != FlightFile.MAGIC
                    || size < FlightFile.HEADER_BYTES
                            + (long) records * FlightFile.RECORD_BYTES) {
                throw new IOException(file + ": not a file of a flight recorder");
            }
            return new FlightWriter(words, records);
        }
    }

    /** Records that nobody else sees. */
    public static FlightWriter inMemory(int records) {
        int rounded = FlightFile.rounded(records);
        return new FlightWriter(ByteBuffer.allocateDirect(
                FlightFile.HEADER_BYTES + rounded * FlightFile.RECORD_BYTES), rounded);
    }

    private int place(long serial) {
        return FlightFile.HEADER_BYTES + ((int) serial & mask) * FlightFile.RECORD_BYTES;
    }

    /**
     * Begins the next record; its texts follow, then {@link #begun}.
     *
     * @return where it is, for the other methods
     */
    public int begin(long startMs) {
        int at = place(++lastSerial);
        words.putLong(at, 0);
        VarHandle.storeStoreFence();
        words.putLong(at + FlightFile.BEGAN_AT, startMs);
        // The total and the three times: none is known.
        words.putLong(at + FlightFile.TOTAL_AT, -1);
        words.putLong(at + FlightFile.HEAD_AT, -1);
        words.putLong(at + FlightFile.IN_AT, 0);
        words.putLong(at + FlightFile.OUT_AT, 0);
        // Statuses, reason, server.
        words.putLong(at + FlightFile.STATUS_AT, 0);
        words.putInt(at + FlightFile.SERVER_AT, -1);
        words.putInt(at + FlightFile.TRIES_AT, 0);
        return at;
    }

    /** The memory of all records: texts are written by who has them. */
    public ByteBuffer words() {
        return words;
    }

    /** Where the client's address begins, and the end of its room. */
    public static int clientAt(int at) {
        return at + FlightFile.CLIENT_AT;
    }

    public static int clientEnd(int at) {
        return at + FlightFile.PEER_AT;
    }

    /** Where the peer's address begins, and the end of its room. */
    public static int peerAt(int at) {
        return at + FlightFile.PEER_AT;
    }

    public static int peerEnd(int at) {
        return at + FlightFile.REQUEST_AT;
    }

    /**
     * The record tells of a request from now on.
     *
     * @param head where method and path lie; cut when they are long
     * @param server its place, below zero for none yet
     * @return the serial of the record
     */
    public long begun(int at, int clientBytes, int port, ByteBuffer head, int from, int length,
            int server) {
        int kept = Math.min(length, FlightFile.RECORD_BYTES - FlightFile.REQUEST_AT);
        if (kept > 0) {
            words.put(at + FlightFile.REQUEST_AT, head, from, kept);
        }
        words.put(at + FlightFile.CLIENT_LENGTH_AT, (byte) clientBytes);
        words.put(at + FlightFile.REQUEST_LENGTH_AT, (byte) Math.max(0, kept));
        words.putShort(at + FlightFile.PORT_AT, (short) port);
        words.putShort(at + FlightFile.SERVER_AT, (short) server);
        VarHandle.storeStoreFence();
        words.putLong(at, lastSerial);
        return lastSerial;
    }

    /** Where the record of this serial is; below zero when another one has its place. */
    public int find(long serial) {
        int at = place(serial);
        return serial > 0 && words.getLong(at) == serial ? at : -1;
    }

    /** Times in nanoseconds, below zero where there is none. */
    public void times(int at, long connectNs, long headNs, long responseNs) {
        words.putInt(at + FlightFile.CONNECT_AT, micros(connectNs));
        words.putInt(at + FlightFile.HEAD_AT, micros(headNs));
        words.putInt(at + FlightFile.RESPONSE_AT, micros(responseNs));
    }

    /** Who answered; its address has been written. */
    public void peer(int at, int peerBytes, int status, int tries) {
        words.put(at + FlightFile.PEER_LENGTH_AT, (byte) peerBytes);
        words.putShort(at + FlightFile.PEER_STATUS_AT, (short) status);
        words.put(at + FlightFile.TRIES_AT, (byte) Math.min(tries, 255));
    }

    /** Where it was answered: places among the counters' blocks, below zero for none. */
    public void route(int at, int server, int route) {
        words.putShort(at + FlightFile.SERVER_AT, (short) server);
        words.putShort(at + FlightFile.ROUTE_AT, (short) route);
    }

    /** The request has ended; the last to be called. */
    public void ended(int at, int status, int reason, long bytesIn, long bytesOut, long totalNs) {
        words.putLong(at + FlightFile.IN_AT, bytesIn);
        words.putLong(at + FlightFile.OUT_AT, bytesOut);
        words.putShort(at + FlightFile.STATUS_AT, (short) status);
        words.putShort(at + FlightFile.REASON_AT, (short) reason);
        VarHandle.storeStoreFence();
        words.putInt(at + FlightFile.TOTAL_AT, micros(totalNs));
    }

    private static int micros(long ns) {
        return ns < 0 ? FlightFile.UNDER_WAY : (int) Math.min(ns / NS_PER_US, US_MAX);
    }
}
