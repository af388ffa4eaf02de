package dev.sluice.common.flight;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads the file of a worker that lives or is dead. A record that is written meanwhile is left
 * out. Stateless, any thread of any process.
 */
public final class FlightReader {

    private static final int FILE_BYTES_MAX = FlightFile.HEADER_BYTES
            + FlightFile.RECORDS_MAX * FlightFile.RECORD_BYTES + (1 << 20);

    private FlightReader() {
    }

    /**
     * All records in the order in which the requests began.
     *
     * @throws IOException the file cannot be read, or is none
     */
    public static List<FlightRecord> read(Path file) throws IOException {
        if (Files.size(file) > FILE_BYTES_MAX) {
            throw new IOException(file + ": too long for a file of a flight recorder");
        }
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN);
        int size = all.capacity();
        int count = size < FlightFile.HEADER_BYTES ? 0 : all.getInt(12);
        int labelBytes = size < FlightFile.HEADER_BYTES ? 0 : all.getInt(16);
        if (count < 1 || count > FlightFile.RECORDS_MAX || labelBytes < 0
                || all.getLong(0) != FlightFile.MAGIC || all.getInt(8) != FlightFile.VERSION
                || size != FlightFile.HEADER_BYTES + count * FlightFile.RECORD_BYTES
                        + labelBytes) {
            throw new IOException(file + ": not a file of a flight recorder");
        }
        String[] labels = new String(all.array(), size - labelBytes, labelBytes,
                StandardCharsets.UTF_8).split("\0", -1);
        List<String> reasons = List.of(labels[0].split("\n", -1));
        List<String> blocks = labels.length < 2 ? List.of() : List.of(labels[1].split("\n", -1));
        List<FlightRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = FlightFile.HEADER_BYTES + i * FlightFile.RECORD_BYTES;
            if (all.getLong(at) > 0) {
                records.add(record(all, at, reasons, blocks));
            }
        }
        records.sort(Comparator.comparingLong(FlightRecord::serial));
        return records;
    }

    private static FlightRecord record(ByteBuffer all, int at, List<String> reasons,
            List<String> blocks) {
        return new FlightRecord(all.getLong(at), all.getLong(at + FlightFile.BEGAN_AT),
                time(all, at + FlightFile.TOTAL_AT), time(all, at + FlightFile.CONNECT_AT),
                time(all, at + FlightFile.HEAD_AT), time(all, at + FlightFile.RESPONSE_AT),
                all.getLong(at + FlightFile.IN_AT), all.getLong(at + FlightFile.OUT_AT),
                number(all, at + FlightFile.STATUS_AT),
                number(all, at + FlightFile.PEER_STATUS_AT),
                label(reasons, number(all, at + FlightFile.REASON_AT)),
                label(blocks, number(all, at + FlightFile.SERVER_AT)),
                route(label(blocks, number(all, at + FlightFile.ROUTE_AT))),
                all.get(at + FlightFile.TRIES_AT) & 0xff,
                text(all, at + FlightFile.CLIENT_AT, all.get(at + FlightFile.CLIENT_LENGTH_AT),
                        FlightFile.PEER_AT - FlightFile.CLIENT_AT),
                number(all, at + FlightFile.PORT_AT),
                text(all, at + FlightFile.PEER_AT, all.get(at + FlightFile.PEER_LENGTH_AT),
                        FlightFile.REQUEST_AT - FlightFile.PEER_AT),
                text(all, at + FlightFile.REQUEST_AT,
                        all.get(at + FlightFile.REQUEST_LENGTH_AT),
                        FlightFile.RECORD_BYTES - FlightFile.REQUEST_AT));
    }

    private static long time(ByteBuffer all, int at) {
        int us = all.getInt(at);
        return us == FlightFile.UNDER_WAY ? -1 : Integer.toUnsignedLong(us);
    }

    private static int number(ByteBuffer all, int at) {
        return Short.toUnsignedInt(all.getShort(at));
    }

    /** Another worker's labels, or damaged ones, make no fault. */
    private static String label(List<String> labels, int place) {
        return place < labels.size() ? labels.get(place) : "";
    }

    /** A block's label is server TAB location. */
    private static String route(String block) {
        return block.substring(block.indexOf('\t') + 1);
    }

    private static String text(ByteBuffer all, int from, int length, int bytesMax) {
        return new String(all.array(), from, Math.clamp(length & 0xff, 0, bytesMax),
                StandardCharsets.ISO_8859_1);
    }
}
