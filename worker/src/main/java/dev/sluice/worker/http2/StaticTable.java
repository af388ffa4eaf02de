package dev.sluice.worker.http2;

import dev.sluice.worker.http.HeaderName;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The fields that both sides of header compression know from the start (RFC 7541 appendix A), by
 * an index from 1. Written at boot, then read-only.
 */
final class StaticTable {

    static final int COUNT = 61;
    /** {@code :status 200}; those of {@link #STATUSES} follow one by one. */
    private static final int STATUS_200 = 8;
    private static final int[] STATUSES = {200, 204, 206, 304, 400, 404, 500};

    private static final String[] FIELDS = {
        ":authority", "", ":method", "GET", ":method", "POST", ":path", "/",
        ":path", "/index.html", ":scheme", "http", ":scheme", "https", ":status", "200",
        ":status", "204", ":status", "206", ":status", "304", ":status", "400",
        ":status", "404", ":status", "500", "accept-charset", "",
        "accept-encoding", "gzip, deflate", "accept-language", "", "accept-ranges", "",
        "accept", "", "access-control-allow-origin", "", "age", "", "allow", "",
        "authorization", "", "cache-control", "", "content-disposition", "",
        "content-encoding", "", "content-language", "", "content-length", "",
        "content-location", "", "content-range", "", "content-type", "", "cookie", "",
        "date", "", "etag", "", "expect", "", "expires", "", "from", "", "host", "",
        "if-match", "", "if-modified-since", "", "if-none-match", "", "if-range", "",
        "if-unmodified-since", "", "last-modified", "", "link", "", "location", "",
        "max-forwards", "", "proxy-authenticate", "", "proxy-authorization", "",
        "range", "", "referer", "", "refresh", "", "retry-after", "", "server", "",
        "set-cookie", "", "strict-transport-security", "", "transfer-encoding", "",
        "user-agent", "", "vary", "", "via", "", "www-authenticate", ""
    };

    /** Names and values one behind the other. */
    static final ByteBuffer BYTES;
    private static final short[] STARTS = new short[COUNT * 2 + 1];
    private static final byte[] BY_NAME_ID = new byte[HeaderName.COUNT];

    static {
        assert FIELDS.length == COUNT * 2;
        byte[] all = String.join("", FIELDS).getBytes(StandardCharsets.US_ASCII);
        BYTES = ByteBuffer.allocateDirect(all.length).order(ByteOrder.LITTLE_ENDIAN);
        BYTES.put(0, all);
        int at = 0;
        for (int i = 0; i < FIELDS.length; i++) {
            STARTS[i] = (short) at;
            at += FIELDS[i].length();
        }
        STARTS[FIELDS.length] = (short) at;
        for (int index = COUNT; index >= 1; index--) {
            int id = HeaderName.idOf(FIELDS[index * 2 - 2]);
            if (id != HeaderName.UNKNOWN) {
                BY_NAME_ID[id] = (byte) index;
            }
        }
    }

    private StaticTable() {}

    static int nameAt(int index) {
        return STARTS[index * 2 - 2];
    }

    static int nameLength(int index) {
        return STARTS[index * 2 - 1] - STARTS[index * 2 - 2];
    }

    static int valueAt(int index) {
        return STARTS[index * 2 - 1];
    }

    static int valueLength(int index) {
        return STARTS[index * 2] - STARTS[index * 2 - 1];
    }

    /** The index of a field of this name; 0 if there is none. */
    static int indexOf(int nameId) {
        return BY_NAME_ID[nameId];
    }

    /** The index of the whole {@code :status} field; 0 if there is none. */
    static int indexOfStatus(int status) {
        for (int i = 0; i < STATUSES.length; i++) {
            if (STATUSES[i] == status) {
                return STATUS_200 + i;
            }
        }
        return 0;
    }
}
