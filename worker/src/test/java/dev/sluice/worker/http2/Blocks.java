package dev.sluice.worker.http2;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Header blocks as a client might make them, and what is read out of some. */
public final class Blocks {

    private Blocks() {}

    /** Literals without indexing and without Huffman code: {@code name}, {@code value}, ... */
    public static byte[] of(String... namesAndValues) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.write(0);
            string(out, namesAndValues[i]);
            string(out, namesAndValues[i + 1]);
        }
        return out.toByteArray();
    }

    /** The same with incremental indexing, so that each gets into the table. */
    public static byte[] indexed(String... namesAndValues) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.write(0x40);
            string(out, namesAndValues[i]);
            string(out, namesAndValues[i + 1]);
        }
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        number(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, int value) {
        if (value < 127) {
            out.write(value);
            return;
        }
        out.write(127);
        int rest = value - 127;
        for (; rest >= 128; rest >>>= 7) {
            out.write(rest & 127 | 128);
        }
        out.write(rest);
    }

    /** Hexadecimal digits, blanks allowed. */
    public static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
    }

    public static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length + 8).order(ByteOrder.LITTLE_ENDIAN)
                .put(0, bytes);
    }

    /** The fields of a block as {@code name=value}; null when it is malformed. */
    public static List<String> fields(HpackDecoder decoder, byte[] block) {
        List<String> found = new ArrayList<>();
        boolean good = decoder.decode(buffer(block), 0, block.length, new FieldListener() {
            @Override
            public void field(ByteBuffer names, int nameAt, int nameLength,
                    ByteBuffer values, int valueAt, int valueLength) {
                found.add(text(names, nameAt, nameLength) + "="
                        + text(values, valueAt, valueLength));
            }

            @Override
            public void fieldTooLong() {
                found.add("too long");
            }
        });
        return good ? found : null;
    }

    /** The fields of a block of a new connection. */
    public static List<String> read(byte[] block) {
        return fields(new HpackDecoder(new HpackScratch()), block);
    }

    static String text(ByteBuffer b, int at, int length) {
        byte[] bytes = new byte[length];
        b.get(at, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
