package dev.sluice.worker.cache.rules;

import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Tables of fields from lines of text. */
public final class Heads {

    private Heads() {}

    public static HeaderTable of(String... lines) {
        StringBuilder text = new StringBuilder();
        HeaderTable table = new HeaderTable(64);
        int[][] places = new int[lines.length][];
        for (int i = 0; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String value = lines[i].substring(colon + 1).strip();
            int name = text.length();
            text.append(lines[i], 0, colon).append(": ");
            places[i] = new int[] {name, colon, text.length(), value.length()};
            text.append(value).append("\r\n");
        }
        // Names are read as words of eight bytes.
        byte[] bytes = (text + "        ").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        table.reset(b);
        for (int[] p : places) {
            table.add(p[0], p[1], p[2], p[3], HeaderName.idOf(b, p[0], p[1]));
        }
        return table;
    }

    /** Directives of one Cache-Control. */
    public static Directives directives(String value) {
        return new Directives().read(of("Cache-Control: " + value), HeaderName.CACHE_CONTROL);
    }
}
