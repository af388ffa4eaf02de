package dev.sluice.worker.realip;

import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.match.AddressText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads one element of a list of proxies: an address with or without a port, as X-Forwarded-For
 * has it, or an element of Forwarded (RFC 7239 §4). What hides its sender ({@code unknown},
 * {@code _name}) is no address.
 *
 * <p>Owner: event loop (or one test thread).
 */
final class NodeText {

    private static final byte[] FOR = "for".getBytes(StandardCharsets.US_ASCII);
    private static final int PORT_DIGITS_MAX = 5;
    private static final int PORT_MAX = 65_535;

    final AddressText address = new AddressText();
    private int port;

    /** 0 when the element names none. */
    int port() {
        return port;
    }

    /** @return false when the range is no address, {@code 192.0.2.1:80} or {@code [::1]:80} */
    boolean parse(ByteBuffer b, int from, int end) {
        port = 0;
        if (from < end && b.get(from) == '[') {
            return bracketed(b, from, end);
        }
        int colon = AsciiBytes.indexOf(b, from, end, ':');
        if (colon == end || AsciiBytes.indexOf(b, colon + 1, end, ':') < end) {
            return address.parse(b, from, end);
        }
        return address.parse(b, from, colon) && parsePort(b, colon + 1, end);
    }

    /** An IPv6 address in brackets, as it stands in front of a port (RFC 3986 §3.2.2). */
    private boolean bracketed(ByteBuffer b, int from, int end) {
        int close = AsciiBytes.indexOf(b, from, end, ']');
        if (close == end || AsciiBytes.indexOf(b, from, close, ':') == close
                || !address.parse(b, from + 1, close)) {
            return false;
        }
        return close + 1 == end || b.get(close + 1) == ':' && parsePort(b, close + 2, end);
    }

    private boolean parsePort(ByteBuffer b, int from, int end) {
        if (end - from > PORT_DIGITS_MAX) {
            return false;
        }
        long value = AsciiBytes.parseDecimal(b, from, end - from);
        port = (int) value;
        return value >= 0 && value <= PORT_MAX;
    }

    /**
     * Reads {@code for=192.0.2.60;proto=http}. The first {@code for} counts; a second one makes
     * the element ambiguous, so that it says nothing.
     */
    boolean parseForwarded(ByteBuffer b, int from, int end) {
        boolean found = false;
        int at = from;
        while (at < end) {
            int pairEnd = pairEnd(b, at, end);
            int nameAt = AsciiBytes.skipSpace(b, at, pairEnd);
            int equals = AsciiBytes.indexOf(b, nameAt, pairEnd, '=');
            if (AsciiBytes.equalsIgnoreCase(b, nameAt, equals - nameAt, FOR)) {
                if (found || equals == pairEnd
                        || !parseNode(b, equals + 1, AsciiBytes.trimSpace(b, equals, pairEnd))) {
                    return false;
                }
                found = true;
            }
            at = pairEnd + 1;
        }
        return found;
    }

    /** In Forwarded an IPv6 address is always in brackets, and so in quotes (RFC 7239 §6). */
    private boolean parseNode(ByteBuffer b, int from, int end) {
        if (end - from >= 2 && b.get(from) == '"') {
            if (b.get(end - 1) != '"') {
                return false;
            }
            from++;
            end--;
        }
        boolean six = from < end && b.get(from) == '[';
        int colon = AsciiBytes.indexOf(b, from, end, ':');
        boolean bare = !six && colon < end && AsciiBytes.indexOf(b, colon + 1, end, ':') < end;
        return !bare && parse(b, from, end);
    }

    /** The next semicolon outside of quotes, or the end. */
    private static int pairEnd(ByteBuffer b, int at, int end) {
        boolean quoted = false;
        for (; at < end; at++) {
            byte c = b.get(at);
            if (quoted && c == '\\') {
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ';' && !quoted) {
                return at;
            }
        }
        return end;
    }
}
