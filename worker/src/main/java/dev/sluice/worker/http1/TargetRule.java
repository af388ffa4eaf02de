package dev.sluice.worker.http1;

import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.TargetForm;
import java.nio.ByteBuffer;

/** Tells the four forms of a request target apart (RFC 9112 §3.2) and splits them. Stateless. */
final class TargetRule {

    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";

    private TargetRule() {}

    /** Sets form, path, query and, where the target has one, the authority; null if all is well. */
    static ParseError apply(RequestHead head, ByteBuffer b) {
        int offset = head.targetOffset;
        int end = offset + head.targetLength;
        head.pathOffset = offset;
        if (head.method == Method.CONNECT) {
            return authority(head, b);
        }
        byte first = b.get(offset);
        if (first == '/') {
            head.form = TargetForm.ORIGIN;
            head.pathLength = pathEnd(head, end) - offset;
            return null;
        }
        if (first == '*' && head.targetLength == 1) {
            head.form = TargetForm.ASTERISK;
            head.pathLength = 1;
            return head.method == Method.OPTIONS ? null : ParseError.TARGET_FORM_NOT_FOR_METHOD;
        }
        return absolute(head, b, end);
    }

    private static int pathEnd(RequestHead head, int end) {
        return head.queryLength < 0 ? end : head.queryOffset - 1;
    }

    private static ParseError authority(RequestHead head, ByteBuffer b) {
        head.form = TargetForm.AUTHORITY;
        long host = HostRule.check(b, head.targetOffset, head.targetLength);
        if (host == HostRule.INVALID || (int) host == 0) {
            return ParseError.BAD_TARGET;
        }
        setAuthority(head, head.targetOffset, head.targetLength, host);
        return null;
    }

    private static ParseError absolute(RequestHead head, ByteBuffer b, int end) {
        int at = head.targetOffset;
        int authority;
        if (startsWith(b, at, end, HTTP)) {
            authority = at + HTTP.length();
        } else if (startsWith(b, at, end, HTTPS)) {
            authority = at + HTTPS.length();
        } else {
            return hasScheme(b, at, end) ? ParseError.BAD_SCHEME : ParseError.BAD_TARGET;
        }
        int pathEnd = pathEnd(head, end);
        int authorityEnd = authority;
        while (authorityEnd < pathEnd && b.get(authorityEnd) != '/') {
            authorityEnd++;
        }
        int length = authorityEnd - authority;
        long host = HostRule.check(b, authority, length);
        if (host == HostRule.INVALID) {
            return ParseError.BAD_TARGET;
        }
        head.form = TargetForm.ABSOLUTE;
        head.pathOffset = authorityEnd;
        head.pathLength = pathEnd - authorityEnd;
        setAuthority(head, authority, length, host);
        return null;
    }

    static void setAuthority(RequestHead head, int offset, int length, long host) {
        head.authorityOffset = offset;
        head.authorityLength = length;
        head.hostOffset = offset;
        head.hostLength = (int) (host >>> 32);
        head.port = (int) host;
    }

    /** Schemes are compared without regard to case (RFC 3986 §3.1). */
    private static boolean startsWith(ByteBuffer b, int at, int end, String lower) {
        if (end - at < lower.length()) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            byte c = b.get(at + i);
            if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasScheme(ByteBuffer b, int at, int end) {
        for (int i = at + 1; i + 2 < end; i++) {
            if (b.get(i) == ':') {
                return b.get(i + 1) == '/' && b.get(i + 2) == '/';
            }
        }
        return false;
    }
}
