package dev.sluice.worker.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Request methods as small integers (RFC 9110 §9, RFC 5789). A method nobody here gives a meaning
 * to is {@link #OTHER}; its letters stay in the head. Written at boot, then read-only.
 */
public final class Method {

    public static final int OTHER = 0;
    public static final int GET = 1;
    public static final int HEAD = 2;
    public static final int POST = 3;
    public static final int PUT = 4;
    public static final int DELETE = 5;
    public static final int CONNECT = 6;
    public static final int OPTIONS = 7;
    public static final int TRACE = 8;
    public static final int PATCH = 9;

    private static final String[] NAMES = {
        "", "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"
    };
    private static final byte[][] BYTES = new byte[NAMES.length][];
    private static final int IDEMPOTENT = bits(Set.of(GET, HEAD, PUT, DELETE, OPTIONS, TRACE));

    static {
        for (int i = 0; i < NAMES.length; i++) {
            BYTES[i] = NAMES[i].getBytes(StandardCharsets.US_ASCII);
        }
    }

    private Method() {}

    private static int bits(Set<Integer> methods) {
        int bits = 0;
        for (int method : methods) {
            bits |= 1 << method;
        }
        return bits;
    }

    /** Methods are case-sensitive (RFC 9110 §9.1): {@code get} is {@link #OTHER}. */
    public static int idOf(ByteBuffer b, int offset, int length) {
        for (int id = 1; id < BYTES.length; id++) {
            byte[] name = BYTES[id];
            if (name.length == length && startsWith(b, offset, name)) {
                return id;
            }
        }
        return OTHER;
    }

    private static boolean startsWith(ByteBuffer b, int offset, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            if (b.get(offset + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** The empty string for {@link #OTHER}. */
    public static String name(int method) {
        return NAMES[method];
    }

    /** Lent for reading only; empty for {@link #OTHER}. */
    public static byte[] bytes(int method) {
        return BYTES[method];
    }

    /** The names of the methods whose bits are set, as the Allow field has them. */
    public static byte[] list(int bits) {
        StringBuilder text = new StringBuilder();
        for (int method = GET; method < NAMES.length; method++) {
            if ((bits >>> method & 1) != 0) {
                text.append(text.isEmpty() ? "" : ", ").append(NAMES[method]);
            }
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether a request may be sent again without the client's asking (RFC 9110 §9.2.2). */
    public static boolean isIdempotent(int method) {
        return (IDEMPOTENT >>> method & 1) != 0;
    }
}
