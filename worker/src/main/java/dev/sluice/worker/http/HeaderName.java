package dev.sluice.worker.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Header field names this program knows, as small integers, found by a perfect hash over the name
 * read as up to four words of eight bytes (little endian, zero padded, lower case). The hash is
 * chosen at boot. Names without a meaning here are known too when every browser sends them: a hit
 * in the table proves that the name is a token without looking at its bytes one by one.
 *
 * <p>Written at boot, then read-only.
 */
public final class HeaderName {

    public static final int UNKNOWN = 0;
    public static final int HOST = 1;
    public static final int CONNECTION = 2;
    public static final int KEEP_ALIVE = 3;
    public static final int CONTENT_LENGTH = 4;
    public static final int TRANSFER_ENCODING = 5;
    public static final int TE = 6;
    public static final int TRAILER = 7;
    public static final int UPGRADE = 8;
    public static final int EXPECT = 9;
    public static final int PROXY_CONNECTION = 10;
    public static final int PROXY_AUTHORIZATION = 11;
    public static final int PROXY_AUTHENTICATE = 12;
    public static final int X_FORWARDED_FOR = 13;
    public static final int X_FORWARDED_PROTO = 14;
    public static final int X_FORWARDED_HOST = 15;
    public static final int X_FORWARDED_PORT = 16;
    public static final int X_REAL_IP = 17;
    public static final int FORWARDED = 18;
    public static final int VIA = 19;
    public static final int RANGE = 20;
    public static final int IF_RANGE = 21;
    public static final int IF_NONE_MATCH = 22;
    public static final int IF_MODIFIED_SINCE = 23;
    public static final int IF_MATCH = 24;
    public static final int IF_UNMODIFIED_SINCE = 25;
    public static final int USER_AGENT = 26;
    public static final int REFERER = 27;
    public static final int ACCEPT = 28;
    public static final int ACCEPT_ENCODING = 29;
    public static final int ACCEPT_LANGUAGE = 30;
    public static final int ACCEPT_CHARSET = 31;
    public static final int COOKIE = 32;
    public static final int SET_COOKIE = 33;
    public static final int AUTHORIZATION = 34;
    public static final int CONTENT_TYPE = 35;
    public static final int CONTENT_ENCODING = 36;
    public static final int CONTENT_LANGUAGE = 37;
    public static final int CONTENT_LOCATION = 38;
    public static final int CONTENT_RANGE = 39;
    public static final int CONTENT_DISPOSITION = 40;
    public static final int LOCATION = 41;
    public static final int SERVER = 42;
    public static final int DATE = 43;
    public static final int ETAG = 44;
    public static final int LAST_MODIFIED = 45;
    public static final int CACHE_CONTROL = 46;
    public static final int EXPIRES = 47;
    public static final int VARY = 48;
    public static final int AGE = 49;
    public static final int ACCEPT_RANGES = 50;
    public static final int ALLOW = 51;
    public static final int WWW_AUTHENTICATE = 52;
    public static final int X_REQUEST_ID = 53;
    public static final int TRACEPARENT = 54;
    public static final int TRACESTATE = 55;
    public static final int RETRY_AFTER = 56;
    public static final int LINK = 57;
    public static final int PRAGMA = 58;
    public static final int ORIGIN = 59;
    public static final int PRIORITY = 60;
    public static final int ALT_SVC = 61;
    public static final int EARLY_DATA = 62;
    public static final int STRICT_TRANSPORT_SECURITY = 63;
    public static final int CONTENT_SECURITY_POLICY = 64;
    public static final int X_ACCEL_REDIRECT = 65;
    public static final int X_ACCEL_BUFFERING = 66;
    public static final int X_POWERED_BY = 67;
    public static final int X_FRAME_OPTIONS = 68;
    public static final int X_CONTENT_TYPE_OPTIONS = 69;
    public static final int X_XSS_PROTECTION = 70;
    public static final int UPGRADE_INSECURE_REQUESTS = 71;
    public static final int DNT = 72;
    public static final int SEC_FETCH_SITE = 73;
    public static final int SEC_FETCH_MODE = 74;
    public static final int SEC_FETCH_DEST = 75;
    public static final int SEC_FETCH_USER = 76;
    public static final int SEC_CH_UA = 77;
    public static final int SEC_CH_UA_MOBILE = 78;
    public static final int SEC_CH_UA_PLATFORM = 79;
    public static final int SEC_WEBSOCKET_KEY = 80;
    public static final int SEC_WEBSOCKET_VERSION = 81;
    public static final int SEC_WEBSOCKET_EXTENSIONS = 82;
    public static final int SEC_WEBSOCKET_PROTOCOL = 83;
    public static final int SEC_WEBSOCKET_ACCEPT = 84;
    public static final int HTTP2_SETTINGS = 85;
    public static final int X_REQUESTED_WITH = 86;
    public static final int X_FORWARDED_SERVER = 87;
    public static final int X_FORWARDED_PREFIX = 88;
    public static final int X_CACHE = 89;
    public static final int PROXY = 90;
    public static final int ACCESS_CONTROL_ALLOW_ORIGIN = 91;
    public static final int MAX_FORWARDS = 92;
    public static final int REFRESH = 93;

    /** One more than the largest id. */
    public static final int COUNT = 94;

    private static final String[] NAMES = {
        "", "Host", "Connection", "Keep-Alive", "Content-Length", "Transfer-Encoding", "TE",
        "Trailer", "Upgrade", "Expect", "Proxy-Connection", "Proxy-Authorization",
        "Proxy-Authenticate", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host",
        "X-Forwarded-Port", "X-Real-IP", "Forwarded", "Via", "Range", "If-Range", "If-None-Match",
        "If-Modified-Since", "If-Match", "If-Unmodified-Since", "User-Agent", "Referer", "Accept",
        "Accept-Encoding", "Accept-Language", "Accept-Charset", "Cookie", "Set-Cookie",
        "Authorization", "Content-Type", "Content-Encoding", "Content-Language", "Content-Location",
        "Content-Range", "Content-Disposition", "Location", "Server", "Date", "ETag",
        "Last-Modified", "Cache-Control", "Expires", "Vary", "Age", "Accept-Ranges", "Allow",
        "WWW-Authenticate", "X-Request-ID", "Traceparent", "Tracestate", "Retry-After", "Link",
        "Pragma", "Origin", "Priority", "Alt-Svc", "Early-Data", "Strict-Transport-Security",
        "Content-Security-Policy", "X-Accel-Redirect", "X-Accel-Buffering", "X-Powered-By",
        "X-Frame-Options", "X-Content-Type-Options", "X-XSS-Protection",
        "Upgrade-Insecure-Requests", "DNT", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest",
        "Sec-Fetch-User", "Sec-CH-UA", "Sec-CH-UA-Mobile", "Sec-CH-UA-Platform",
        "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Extensions",
        "Sec-WebSocket-Protocol", "Sec-WebSocket-Accept", "HTTP2-Settings", "X-Requested-With",
        "X-Forwarded-Server", "X-Forwarded-Prefix", "X-Cache", "Proxy",
        "Access-Control-Allow-Origin", "Max-Forwards", "Refresh"
    };

    private HeaderName() {}

    private static final byte[][] BYTES = new byte[COUNT][];
    private static final byte[][] LOWER = new byte[COUNT][];

    static {
        assert NAMES.length == COUNT;
        for (int id = 0; id < COUNT; id++) {
            BYTES[id] = NAMES[id].getBytes(StandardCharsets.US_ASCII);
            LOWER[id] = NAMES[id].toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** The id of the name in the range, whatever its case; {@link #UNKNOWN} if it has none. */
    public static int idOf(ByteBuffer b, int offset, int length) {
        if (length < 1 || length > NameHash.NAME_BYTES_MAX) {
            return UNKNOWN;
        }
        long f0 = NameHash.word(b, offset, length);
        long f1 = length > 8 ? NameHash.word(b, offset + 8, length - 8) : 0;
        long f2 = length > 16 ? NameHash.word(b, offset + 16, length - 16) : 0;
        long f3 = length > 24 ? NameHash.word(b, offset + 24, length - 24) : 0;
        return NameHash.idOf(f0, f1, f2, f3, length);
    }

    /** For boot and tests: allocates. */
    public static int idOf(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return idOf(b, 0, bytes.length);
    }

    /** The usual spelling, "Content-Length"; lent for reading only. */
    public static byte[] bytes(int id) {
        return BYTES[id];
    }

    /** The spelling of HTTP/2, "content-length"; lent for reading only. */
    public static byte[] lower(int id) {
        return LOWER[id];
    }

    public static String text(int id) {
        return NAMES[id];
    }
}
