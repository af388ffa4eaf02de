package dev.sluice.worker.variables;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.variables.BoundVariable.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Variables whose name carries a name of the message: {@code $http_NAME}, {@code $sent_http_NAME},
 * {@code $arg_NAME}, {@code $cookie_NAME}, {@code $path_NAME}, of a token
 * ({@code $jwt_claim_NAME}, {@code $jwt_header_NAME}), and captures: {@code $1} to {@code $9} and
 * groups with a name. Case does not matter in the first four, as in nginx; an underscore in a
 * header name stands for a dash. Stateless.
 */
final class NamedVariables {

    static final byte[] COMMA = {',', ' '};
    private static final byte[] SEMICOLON = {';', ' '};

    private NamedVariables() {}

    /** The variable of this name; null if it belongs to no family. */
    static BoundVariable bind(String name, WorkerScope scope) {
        if (name.length() == 1 && name.charAt(0) >= '1' && name.charAt(0) <= '9') {
            int group = name.charAt(0) - '0';
            return new BoundVariable((x, out) -> element(x.captures, group, out), Kind.PATH);
        }
        if (name.startsWith("path_") && name.length() > "path_".length()) {
            int place = scope.parameterNames.declare(name.substring("path_".length()));
            return new BoundVariable((x, out) -> x.putParameter(place, out), Kind.SEGMENT);
        }
        VariableValue value = null;
        if (name.startsWith("http_")) {
            value = header(headerName(name, "http_"));
        } else if (name.startsWith("sent_http_")) {
            byte[] header = headerName(name, "sent_http_");
            value = header == null ? null : (x, out) -> sentHeader(x, header, out);
        } else if (name.startsWith("arg_")) {
            byte[] argument = lower(name, "arg_");
            value = argument == null ? null : (x, out) -> argument(x, argument, out);
        } else if (name.startsWith("cookie_")) {
            byte[] cookie = lower(name, "cookie_");
            value = cookie == null ? null : (x, out) -> cookie(x, cookie, out);
        }
        return value == null ? null : new BoundVariable(value, Kind.TEXT);
    }

    private static byte[] lower(String name, String family) {
        String rest = name.substring(family.length()).toLowerCase(Locale.ROOT);
        return rest.isEmpty() ? null : rest.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] headerName(String name, String family) {
        return lower(name.replace('_', '-'), family.replace('_', '-'));
    }

    private static VariableValue header(byte[] lowerName) {
        if (lowerName == null) {
            return null;
        }
        int id = HeaderName.idOf(new String(lowerName, StandardCharsets.US_ASCII));
        if (id == HeaderName.UNKNOWN) {
            return (x, out) -> headerByName(x, lowerName, out);
        }
        byte[] separator = id == HeaderName.COOKIE ? SEMICOLON : COMMA;
        return (x, out) -> headerById(x, id, separator, out);
    }

    static boolean headerById(Exchange x, int id, byte[] separator, ByteSink out) {
        HeaderTable headers = x.request.headers;
        int first = headers.find(id);
        for (int i = first; i >= 0; i = headers.findNext(id, i)) {
            if (i > first) {
                out.put(separator);
            }
            out.put(headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
        }
        return first >= 0;
    }

    private static boolean headerByName(Exchange x, byte[] lowerName, ByteSink out) {
        HeaderTable headers = x.request.headers;
        boolean found = false;
        for (int i = 0; i < headers.count(); i++) {
            if (headers.id(i) == HeaderName.UNKNOWN && headers.nameEqualsIgnoreCase(i, lowerName)) {
                if (found) {
                    out.put(COMMA);
                }
                out.put(headers.buffer(), headers.valueOffset(i), headers.valueLength(i));
                found = true;
            }
        }
        return found;
    }

    /** Looks through the head as it was sent: lines that end with CR LF, the status line first. */
    private static boolean sentHeader(Exchange x, byte[] lowerName, ByteSink out) {
        if (x.sentHead == null) {
            return false;
        }
        ByteBuffer b = x.sentHead;
        int end = x.sentHeadOffset + x.sentHeadLength;
        int at = lineEnd(b, x.sentHeadOffset, end) + 2;
        boolean found = false;
        while (at < end) {
            int lineEnd = lineEnd(b, at, end);
            int colon = at + lowerName.length;
            if (colon < lineEnd && b.get(colon) == ':'
                    && AsciiBytes.equalsIgnoreCase(b, at, lowerName.length, lowerName)) {
                if (found) {
                    out.put(COMMA);
                }
                int from = AsciiBytes.skipSpace(b, colon + 1, lineEnd);
                out.put(b, from, lineEnd - from);
                found = true;
            }
            at = lineEnd + 2;
        }
        return found;
    }

    private static int lineEnd(ByteBuffer b, int at, int end) {
        while (at < end && b.get(at) != '\r') {
            at++;
        }
        return at;
    }

    /** The first argument of this name, undecoded. */
    private static boolean argument(Exchange x, byte[] lowerName, ByteSink out) {
        if (x.queryLength <= 0) {
            return false;
        }
        ByteBuffer b = x.queryBuffer;
        int at = x.queryOffset;
        int end = at + x.queryLength;
        while (at < end) {
            int argumentEnd = indexOf(b, at, end, '&');
            if (appendIfNamed(b, at, argumentEnd, lowerName, out)) {
                return true;
            }
            at = argumentEnd + 1;
        }
        return false;
    }

    /** The first cookie of this name in any Cookie field (RFC 6265 §4.2.1). */
    private static boolean cookie(Exchange x, byte[] lowerName, ByteSink out) {
        HeaderTable headers = x.request.headers;
        ByteBuffer b = headers.buffer();
        for (int i = headers.find(HeaderName.COOKIE); i >= 0;
                i = headers.findNext(HeaderName.COOKIE, i)) {
            int at = headers.valueOffset(i);
            int end = at + headers.valueLength(i);
            while (at < end) {
                at = AsciiBytes.skipSpace(b, at, end);
                int cookieEnd = indexOf(b, at, end, ';');
                if (appendIfNamed(b, at, cookieEnd, lowerName, out)) {
                    return true;
                }
                at = cookieEnd + 1;
            }
        }
        return false;
    }

    private static int indexOf(ByteBuffer b, int at, int end, char wanted) {
        while (at < end && b.get(at) != wanted) {
            at++;
        }
        return at;
    }

    private static boolean appendIfNamed(
            ByteBuffer b, int at, int end, byte[] lowerName, ByteSink out) {
        int equals = at + lowerName.length;
        if (equals >= end || b.get(equals) != '='
                || !AsciiBytes.equalsIgnoreCase(b, at, lowerName.length, lowerName)) {
            return false;
        }
        out.put(b, equals + 1, end - equals - 1);
        return true;
    }

    /** The group of this place; null when there is no such place. */
    static BoundVariable capture(int slot) {
        return slot == NamePlaces.NONE ? null
                : new BoundVariable((x, out) -> element(x.named, slot, out), Kind.PATH);
    }

    private static boolean element(String[] captures, int index, ByteSink out) {
        if (captures == null || index >= captures.length || captures[index] == null) {
            return false;
        }
        out.putAscii(captures[index]);
        return true;
    }
}
