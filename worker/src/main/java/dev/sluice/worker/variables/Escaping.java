package dev.sluice.worker.variables;

import dev.sluice.worker.arena.ByteSink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Makes a value harmless where it stands: the value is written first and then escaped in place,
 * which costs one look at every eighth byte when there is nothing to escape. Stateless.
 */
public enum Escaping {
    /** As it is. */
    NONE,
    /** nginx's default for logs: quote, backslash, below 0x20 and from 0x7f become \xHH. */
    LOG,
    /**
     * For a JSON string (RFC 8259 §7); bytes that are not UTF-8 become a backslash, u00 and
     * two hexadecimal digits.
     */
    JSON,
    /** A canonical path as the path of a URL: its %2F and %25 stay as they are. */
    PATH,
    /** A part of a canonical path as a value inside the query of a URL. */
    QUERY,
    /** A whole URL: only what no URL may contain is encoded. */
    URL;

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final byte[] UPPER = ascii("0123456789ABCDEF");
    private static final String UNRESERVED =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final boolean[] IN_PATH = table(UNRESERVED + "/%!$&'()*+,;=:@");
    private static final boolean[] IN_QUERY = table(UNRESERVED + "/%!$'()*,:@");
    private static final boolean[] IN_URL = table(UNRESERVED + "/%!$&'()*+,;=:@?#[]");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean[] table(String plain) {
        boolean[] allowed = new boolean[256];
        for (byte c : ascii(plain)) {
            allowed[c] = true;
        }
        return allowed;
    }

    /**
     * Escapes what lies between {@code from} and the sink's position. When the result does not
     * fit, the sink overflows and the value is taken out whole.
     */
    public void apply(ByteSink out, int from) {
        if (this == NONE) {
            return;
        }
        ByteBuffer b = out.buffer();
        int end = out.position();
        int first = firstSpecial(b, from, end);
        if (first == end) {
            return;
        }
        int growth = 0;
        for (int i = first; i < end; i += unit(b, i, end)) {
            growth += growth(b, i, end);
        }
        if (out.skip(growth) < 0) {
            out.position(from);
            return;
        }
        if (growth > 0) {
            // From the far end of the room forward: writing never overtakes reading.
            b.put(first + growth, b, first, end - first);
            write(b, first, first + growth, end + growth);
        }
    }

    private int firstSpecial(ByteBuffer b, int at, int end) {
        if (this == LOG || this == JSON) {
            while (end - at >= Long.BYTES && !mayHoldSpecial(b.getLong(at))) {
                at += Long.BYTES;
            }
        }
        while (at < end && !isSpecial(b.get(at))) {
            at++;
        }
        return at;
    }

    /** Whether a byte is below 0x20, above 0x7e, a quote or a backslash. */
    private static boolean mayHoldSpecial(long word) {
        long control = word - ONES * 0x20 & ~word;
        long high = word | word + ONES;
        long q = word ^ ONES * '"';
        long s = word ^ ONES * '\\';
        long quote = q - ONES & ~q;
        long backslash = s - ONES & ~s;
        return ((control | high | quote | backslash) & HIGH_BITS) != 0;
    }

    private boolean isSpecial(byte b) {
        int c = b & 0xff;
        return switch (this) {
            case NONE -> false;
            case LOG -> c < 0x20 || c >= 0x7f || c == '"' || c == '\\';
            case JSON -> c < 0x20 || c >= 0x80 || c == '"' || c == '\\';
            case PATH -> !IN_PATH[c];
            case QUERY -> !IN_QUERY[c];
            case URL -> !IN_URL[c];
        };
    }

    /** Bytes that belong together: more than one only for a character of JSON. */
    private int unit(ByteBuffer b, int at, int end) {
        return this == JSON && b.get(at) < 0 ? Math.max(1, utf8Length(b, at, end)) : 1;
    }

    private int growth(ByteBuffer b, int at, int end) {
        byte c = b.get(at);
        if (!isSpecial(c)) {
            return 0;
        }
        return switch (this) {
            case NONE -> 0;
            case LOG -> 3;
            case JSON -> c < 0 ? utf8Length(b, at, end) > 0 ? 0 : 5 : shortForm(c) != 0 ? 1 : 5;
            case PATH, QUERY, URL -> 2;
        };
    }

    private void write(ByteBuffer b, int to, int at, int end) {
        while (at < end) {
            byte c = b.get(at);
            int unit = unit(b, at, end);
            if (growth(b, at, end) == 0) {
                for (int i = 0; i < unit; i++) {
                    b.put(to++, b.get(at + i));
                }
            } else if (this == LOG) {
                to = put(b, to, '\\', 'x', c);
            } else if (this != JSON) {
                b.put(to++, (byte) '%');
                to = hex(b, to, c);
            } else if (c >= 0 && shortForm(c) != 0) {
                b.put(to++, (byte) '\\');
                b.put(to++, (byte) shortForm(c));
            } else {
                b.put(to + 2, (byte) '0');
                b.put(to + 3, (byte) '0');
                put(b, to, '\\', 'u', (byte) 0);
                to = hex(b, to + 4, c);
            }
            at += unit;
        }
    }

    private static int put(ByteBuffer b, int to, char first, char second, byte c) {
        b.put(to, (byte) first);
        b.put(to + 1, (byte) second);
        return hex(b, to + 2, c);
    }

    private static int hex(ByteBuffer b, int to, byte c) {
        b.put(to, UPPER[c >> 4 & 15]);
        b.put(to + 1, UPPER[c & 15]);
        return to + 2;
    }

    /** The letter behind the backslash, 0 for a byte without a short form. */
    private static char shortForm(byte c) {
        return switch (c) {
            case '"' -> '"';
            case '\\' -> '\\';
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            case '\b' -> 'b';
            case '\f' -> 'f';
            default -> 0;
        };
    }

    /** Length of the well-formed UTF-8 character (RFC 3629 §4) at this place, 0 if it is none. */
    private static int utf8Length(ByteBuffer b, int at, int end) {
        int lead = b.get(at) & 0xff;
        int length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
        if (length == 0 || at + length > end) {
            return 0;
        }
        int second = b.get(at + 1) & 0xff;
        boolean bad = lead == 0xe0 && second < 0xa0 || lead == 0xed && second > 0x9f
                || lead == 0xf0 && second < 0x90 || lead == 0xf4 && second > 0x8f;
        for (int i = 1; i < length; i++) {
            bad |= (b.get(at + i) & 0xc0) != 0x80;
        }
        return bad ? 0 : length;
    }
}
