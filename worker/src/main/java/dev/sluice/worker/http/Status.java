package dev.sluice.worker.http;

import java.nio.charset.StandardCharsets;

/** Status codes and their lines, ready to be copied out. Written at boot, then read-only. */
public final class Status {

    public static final int MIN = 100;
    public static final int MAX = 599;
    /** RFC 8297. */
    public static final int EARLY_HINTS = 103;
    /** nginx: the certificate of a client is not good. */
    public static final int BAD_CLIENT_CERTIFICATE = 495;
    /** nginx: a client has shown no certificate. */
    public static final int NO_CLIENT_CERTIFICATE = 496;
    /** nginx: plain HTTP came to an address that speaks TLS. */
    public static final int PLAIN_ON_TLS = 497;
    /**
     * Our own: a tunnel has been opened for a CONNECT (RFC 9110 §9.3.6), which its client sees as
     * 200. No other 2xx may answer one, since every client would take it for this.
     */
    public static final int CONNECTED = MAX + 1;

    private static final String[] REASONS = new String[CONNECTED - MIN + 1];
    private static final byte[][] LINES = new byte[CONNECTED - MIN + 1][];

    static {
        String[] known = {
            "100 Continue", "101 Switching Protocols", "103 Early Hints", "200 OK", "201 Created",
            "202 Accepted", "203 Non-Authoritative Information", "204 No Content",
            "205 Reset Content", "206 Partial Content", "300 Multiple Choices",
            "301 Moved Permanently", "302 Found", "303 See Other", "304 Not Modified",
            "307 Temporary Redirect", "308 Permanent Redirect", "400 Bad Request",
            "401 Unauthorized", "402 Payment Required", "403 Forbidden", "404 Not Found",
            "405 Method Not Allowed", "406 Not Acceptable", "407 Proxy Authentication Required",
            "408 Request Timeout", "409 Conflict", "410 Gone", "411 Length Required",
            "412 Precondition Failed", "413 Content Too Large", "414 URI Too Long",
            "415 Unsupported Media Type", "416 Range Not Satisfiable", "417 Expectation Failed",
            "421 Misdirected Request", "422 Unprocessable Content", "425 Too Early",
            "426 Upgrade Required", "428 Precondition Required", "429 Too Many Requests",
            "431 Request Header Fields Too Large", "451 Unavailable For Legal Reasons",
            "500 Internal Server Error", "501 Not Implemented", "502 Bad Gateway",
            "503 Service Unavailable", "504 Gateway Timeout", "505 HTTP Version Not Supported",
            "507 Insufficient Storage", "511 Network Authentication Required",
        };
        for (String line : known) {
            REASONS[Integer.parseInt(line.substring(0, 3)) - MIN] = line.substring(4);
        }
        for (int i = 0; i < REASONS.length; i++) {
            if (REASONS[i] == null) {
                REASONS[i] = "";
            }
            // The space before an empty reason is required (RFC 9112 §4).
            String line = "HTTP/1.1 " + (MIN + i) + " " + REASONS[i] + "\r\n";
            LINES[i] = line.getBytes(StandardCharsets.US_ASCII);
        }
        LINES[CONNECTED - MIN] = "HTTP/1.1 200 Connection established\r\n"
                .getBytes(StandardCharsets.US_ASCII);
    }

    private Status() {}

    public static boolean isValid(int status) {
        return status >= MIN && status <= MAX;
    }

    /**
     * The status that a client sees: nginx's own numbers, which {@code error_page} may name, stand
     * for 400 there, and ours for 200.
     */
    public static int onWire(int status) {
        return status >= BAD_CLIENT_CERTIFICATE && status <= PLAIN_ON_TLS ? 400
                : status == CONNECTED ? 200 : status;
    }

    /** {@code HTTP/1.1 200 OK} with its CR LF; lent for reading only. */
    public static byte[] line(int status) {
        assert isValid(status) || status == CONNECTED : status;
        return LINES[status - MIN];
    }

    /** The reason phrase, empty for a code without one. */
    public static String reason(int status) {
        return isValid(status) ? REASONS[status - MIN] : "";
    }

    /** Whether a response of this status never has a body (RFC 9110 §6.4.1). */
    public static boolean isBodiless(int status) {
        return status < 200 || status == 204 || status == 304;
    }
}
