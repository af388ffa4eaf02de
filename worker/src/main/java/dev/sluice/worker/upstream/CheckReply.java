package dev.sluice.worker.upstream;

import dev.sluice.common.config.HealthCheckConfig;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The answer to a check, as far as it is needed: the status, and the begin of the body when a text
 * is looked for there. Whatever a peer sends, no more than {@value #BYTES_MAX} bytes are kept.
 *
 * <p>Owner: event loop.
 */
final class CheckReply {

    static final int BYTES_MAX = 16 * 1024;
    private static final int START_BYTES = 512;
    /** So many fit into an int; a longer body does not come whole. */
    private static final int LENGTH_DIGITS_MAX = 9;

    private final HealthCheckConfig config;
    private final byte[] wanted;
    private byte[] bytes = new byte[START_BYTES];
    private int count;
    /** Null as long as nothing is decided. */
    private String verdict;

    CheckReply(HealthCheckConfig config) {
        this.config = config;
        this.wanted = config.body() == null ? null
                : config.body().getBytes(StandardCharsets.UTF_8);
    }

    void clear() {
        count = 0;
        verdict = null;
    }

    /** The empty text when the check has passed, why it failed, or null to read on. */
    String verdict() {
        return verdict;
    }

    /** How many more bytes it takes. */
    int room() {
        return BYTES_MAX - count;
    }

    void add(byte[] piece, int length) {
        if (count + length > bytes.length) {
            int size = Math.min(BYTES_MAX, Math.max(bytes.length * 2, count + length));
            bytes = Arrays.copyOf(bytes, size);
        }
        System.arraycopy(piece, 0, bytes, count, length);
        count += length;
        decide(count == BYTES_MAX);
    }

    /** Nothing more comes. */
    void end() {
        decide(true);
        if (verdict == null) {
            verdict = count == 0 ? "closed without an answer" : "closed within the head";
        }
    }

    private void decide(boolean isAll) {
        String text = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
        int at = 0;
        int body = -1;
        int status = 0;
        while (body < 0 || status / 100 == 1) {
            at = Math.max(body, 0);
            body = endOfHead(text, at);
            if (body < 0) {
                if (isMalformed(text, at)) {
                    verdict = "answer is not HTTP";
                } else if (count == BYTES_MAX) {
                    verdict = "head of more than " + BYTES_MAX + " bytes";
                }
                return;
            }
            status = status(text, at);
            if (status < 0) {
                verdict = "answer is not HTTP";
                return;
            }
        }
        if (!config.expects(status)) {
            verdict = "status " + status;
        } else {
            StringBuilder plain = new StringBuilder();
            boolean ended = wanted != null
                    && read(text.substring(at, body), status, text.substring(body), plain);
            if (wanted == null
                    || plain.indexOf(new String(wanted, StandardCharsets.ISO_8859_1)) >= 0) {
                verdict = "";
            } else if (isAll || ended) {
                verdict = "text is not in the body";
            }
        }
    }

    private static int endOfHead(String text, int from) {
        int crlf = text.indexOf("\r\n\r\n", from);
        int lf = text.indexOf("\n\n", from);
        return crlf >= 0 && (lf < 0 || crlf < lf) ? crlf + 4 : lf >= 0 ? lf + 2 : -1;
    }

    private static boolean isMalformed(String text, int at) {
        int length = Math.min(text.length() - at, 7);
        return length > 0 && !text.startsWith("HTTP/1.".substring(0, length), at);
    }

    /** RFC 9112 section 4: HTTP/1.x SP 3DIGIT; -1 for anything else. */
    private static int status(String text, int at) {
        if (!text.startsWith("HTTP/1.", at) || text.length() < at + 13
                || text.charAt(at + 8) != ' ' || text.charAt(at + 12) > ' ') {
            return -1;
        }
        int status = 0;
        for (int i = at + 9; i < at + 12; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            status = status * 10 + digit;
        }
        return status >= 100 ? status : -1;
    }

    /**
     * Reads the body as far as it has come: a peer may leave its connection open behind it.
     *
     * @return whether it has ended (RFC 9112 section 6.3)
     */
    private boolean read(String head, int status, String body, StringBuilder plain) {
        if (status == 204 || status == 304 || config.method().equals("HEAD")) {
            return true;
        }
        String fields = head.toLowerCase(Locale.ROOT);
        if (value(fields, "transfer-encoding").endsWith("chunked")) {
            return readChunks(body, plain);
        }
        String length = value(fields, "content-length");
        boolean known = !length.isEmpty() && length.chars().allMatch(c -> c >= '0' && c <= '9');
        int end = !known ? Integer.MAX_VALUE
                : length.length() > LENGTH_DIGITS_MAX ? BYTES_MAX : Integer.parseInt(length);
        plain.append(body, 0, Math.min(body.length(), end));
        return body.length() >= end;
    }

    private static String value(String fields, String name) {
        int at = fields.indexOf("\n" + name + ":");
        int from = at + name.length() + 2;
        return at < 0 ? "" : fields.substring(from, fields.indexOf('\n', from)).strip();
    }

    /** Without the frames of chunks (RFC 9112 section 7.1). @return whether the last has come */
    private static boolean readChunks(String body, StringBuilder plain) {
        int at = 0;
        for (int line = body.indexOf('\n'); line >= 0; line = body.indexOf('\n', at)) {
            int size = chunkSize(body, at, line);
            if (size <= 0) {
                return true;
            }
            plain.append(body, line + 1, Math.min(body.length(), line + 1 + size));
            at = Math.min(body.length(), line + 1 + size + 2);
        }
        return false;
    }

    private static int chunkSize(String body, int from, int end) {
        int size = 0;
        for (int i = from; i < end; i++) {
            int digit = Character.digit(body.charAt(i), 16);
            if (digit < 0) {
                break;
            }
            size = Math.min(BYTES_MAX, size * 16 + digit);
        }
        return size;
    }
}
