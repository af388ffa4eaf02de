package dev.sluice.worker.exchange;

import dev.sluice.common.config.ClaimsConfig;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The field in which a request may bring its number. A value that is too long, holds a character
 * that means something anywhere, or stands there twice is none.
 *
 * <p>Written at boot, then read-only.
 */
public final class RequestIdField {

    /** {@link #find}: the request brings none that is accepted. */
    public static final int NONE = -1;
    private static final int BYTES_MAX = 128;
    private static final boolean[] ALLOWED = new boolean[128];

    static {
        String allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~+/=:@-";
        for (int i = 0; i < allowed.length(); i++) {
            ALLOWED[allowed.charAt(i)] = true;
        }
    }

    private final int id;
    private final byte[] name;
    private final boolean fromAnybody;

    private RequestIdField(ClaimsConfig.IdField config) {
        id = HeaderName.idOf(config.name());
        name = config.name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        fromAnybody = config.fromAnybody();
    }

    /** Null when requests bring none. */
    public static RequestIdField of(ClaimsConfig config) {
        return config.requestId().isOff() ? null : new RequestIdField(config.requestId());
    }

    /** The index of the field whose value is the number of the request. */
    public int find(Exchange x) {
        HeaderTable fields = x.request.headers;
        if (!fromAnybody && !x.client.claim.isTrusted()) {
            return NONE;
        }
        int found = id != HeaderName.UNKNOWN ? fields.find(id) : fields.find(name);
        return found < 0 || isRepeated(fields, found) || !isNumber(fields, found) ? NONE : found;
    }

    private boolean isRepeated(HeaderTable fields, int first) {
        if (id != HeaderName.UNKNOWN) {
            return fields.isRepeated(id);
        }
        for (int i = first + 1; i < fields.count(); i++) {
            if (fields.nameEqualsIgnoreCase(i, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNumber(HeaderTable fields, int i) {
        ByteBuffer b = fields.buffer();
        int from = fields.valueOffset(i);
        int length = fields.valueLength(i);
        for (int at = from; at < from + length; at++) {
            byte c = b.get(at);
            if (c < 0 || !ALLOWED[c]) {
                return false;
            }
        }
        return length > 0 && length <= BYTES_MAX;
    }
}
