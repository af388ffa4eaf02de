package dev.sluice.worker.http1;

import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Which fields behind a body may travel on: none that frames, routes, authenticates or describes
 * the message (RFC 9110 §6.5.1), or says who the client is. Of the names known here only three are
 * harmless. Stateless.
 */
public final class TrailerRule {

    private static final byte[] X_FORWARDED = "x-forwarded-".getBytes(StandardCharsets.US_ASCII);
    private static final boolean[] MAY_TRAVEL = new boolean[HeaderName.COUNT];

    static {
        MAY_TRAVEL[HeaderName.UNKNOWN] = true;
        MAY_TRAVEL[HeaderName.ETAG] = true;
        MAY_TRAVEL[HeaderName.DATE] = true;
        MAY_TRAVEL[HeaderName.LAST_MODIFIED] = true;
    }

    private TrailerRule() {}

    /** @param id of the name that lies in the range */
    public static boolean mayTravel(int id, ByteBuffer b, int nameAt, int nameLength) {
        boolean forwarded = nameLength > X_FORWARDED.length
                && AsciiBytes.equalsIgnoreCase(b, nameAt, X_FORWARDED.length, X_FORWARDED);
        return MAY_TRAVEL[id] && !forwarded;
    }
}
