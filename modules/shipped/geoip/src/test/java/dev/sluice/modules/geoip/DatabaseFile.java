package dev.sluice.modules.geoip;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes small databases in the form of MaxMind, version 2.0 of its specification:
 *
 * <pre>
 *   search tree: nodes of two records of 24 bits: a node, nothing, or a place in the data
 *   16 zero bytes
 *   data: a record for each network
 *   0xabcdef MaxMind.com, then the metadata
 * </pre>
 */
final class DatabaseFile {

    private static final int RECORD_BYTES = 3;
    private static final int SEPARATOR_BYTES = 16;
    private static final int NOTHING = -1;

    /** Left and right: a node above zero, nothing, or a place in the data as -2 and below. */
    private final List<int[]> nodes = new ArrayList<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    DatabaseFile() {
        nodes.add(new int[] {NOTHING, NOTHING});
    }

    /** A network of the tree for IPv6, where IPv4 lies below ::/96. */
    DatabaseFile put(String network, int prefix, Map<String, ?> record) throws IOException {
        byte[] address = InetAddress.ofLiteral(network).getAddress();
        byte[] wide = new byte[16];
        System.arraycopy(address, 0, wide, 16 - address.length, address.length);
        int bits = prefix + 8 * (16 - address.length);
        int place = -2 - data.size();
        data.write(encode(record));
        int node = 0;
        for (int i = 0; i < bits; i++) {
            int side = wide[i / 8] >> 7 - i % 8 & 1;
            if (i == bits - 1) {
                nodes.get(node)[side] = place;
            } else {
                if (nodes.get(node)[side] == NOTHING) {
                    nodes.get(node)[side] = nodes.size();
                    nodes.add(new int[] {NOTHING, NOTHING});
                }
                node = nodes.get(node)[side];
            }
        }
        return this;
    }

    /** In the place of what is there, as whoever updates such files should do it. */
    void write(Path file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] node : nodes) {
            for (int record : node) {
                int value = record == NOTHING ? nodes.size() : record >= 0 ? record
                        : nodes.size() + SEPARATOR_BYTES + (-2 - record);
                for (int i = RECORD_BYTES - 1; i >= 0; i--) {
                    out.write(value >>> 8 * i);
                }
            }
        }
        out.write(new byte[SEPARATOR_BYTES]);
        data.writeTo(out);
        out.write(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
        out.write("MaxMind.com".getBytes(StandardCharsets.US_ASCII));
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("node_count", nodes.size());
        metadata.put("record_size", (short) (8 * RECORD_BYTES));
        metadata.put("ip_version", (short) 6);
        metadata.put("database_type", "Test");
        metadata.put("languages", List.of("en"));
        metadata.put("binary_format_major_version", (short) 2);
        metadata.put("binary_format_minor_version", (short) 0);
        metadata.put("build_epoch", 1_795_197_600L);
        metadata.put("description", Map.of("en", "of a test"));
        out.write(encode(metadata));
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.write(beside, out.toByteArray());
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
    }

    /** A control byte with the type above 5 bits of the size; types from 8 on have a second one. */
    private static byte[] encode(Object value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (value) {
            case String text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                size(out, 2, bytes.length);
                out.write(bytes);
            }
            case Double number -> {
                size(out, 3, 8);
                out.write(ByteBuffer.allocate(8).putDouble(number).array());
            }
            case Integer number -> {
                size(out, 6, 4);
                out.write(ByteBuffer.allocate(4).putInt(number).array());
            }
            case Short number -> {
                size(out, 5, 2);
                out.write(ByteBuffer.allocate(2).putShort(number).array());
            }
            case Long number -> {
                size(out, 9, 8);
                out.write(ByteBuffer.allocate(8).putLong(number).array());
            }
            case Map<?, ?> map -> {
                size(out, 7, map.size());
                for (Map.Entry<?, ?> one : map.entrySet()) {
                    out.write(encode(one.getKey()));
                    out.write(encode(one.getValue()));
                }
            }
            case List<?> list -> {
                size(out, 11, list.size());
                for (Object one : list) {
                    out.write(encode(one));
                }
            }
            default -> throw new IllegalArgumentException(value.toString());
        }
        return out.toByteArray();
    }

    private static void size(ByteArrayOutputStream out, int type, int size) {
        assert size < 285;
        int bits = Math.min(size, 29);
        out.write(type < 8 ? type << 5 | bits : bits);
        if (type >= 8) {
            out.write(type - 7);
        }
        if (size >= 29) {
            out.write(size - 29);
        }
    }
}
