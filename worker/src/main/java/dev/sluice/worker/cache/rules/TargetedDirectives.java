package dev.sluice.worker.cache.rules;

import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * CDN-Cache-Control (RFC 9213): what a server tells the caches of its own side, in place of
 * Cache-Control and Expires. It is a dictionary of structured fields (RFC 9651 §3.2); one that
 * cannot be read to its end says nothing at all (RFC 9213 §2.1), nor does a member of a wrong type.
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class TargetedDirectives {

    private static final byte[] NAME =
            "cdn-cache-control".getBytes(StandardCharsets.US_ASCII);
    private static final int BARE = -2;
    private static final int OTHER = -3;
    private static final int TRUE = -4;
    private static final int FALSE = -5;

    private ByteBuffer b;
    private int at;
    private int end;
    private boolean bad;

    /** @return whether there is one that counts; the directives are what it says then */
    public boolean read(HeaderTable headers, Directives into) {
        boolean found = false;
        into.clear();
        for (int i = 0; i < headers.count(); i++) {
            if (headers.nameEqualsIgnoreCase(i, NAME)) {
                found = true;
                if (!member(headers, i, into)) {
                    into.clear();
                    return false;
                }
            }
        }
        return found && into.isPresent();
    }

    private boolean member(HeaderTable headers, int i, Directives into) {
        b = headers.buffer();
        at = headers.valueOffset(i);
        end = at + headers.valueLength(i);
        bad = false;
        skip(' ');
        while (at < end && !bad) {
            int from = at;
            key();
            int length = at - from;
            int value = at < end && b.get(at) == '=' ? valueBehindSign() : BARE;
            parameters();
            keep(from, length, value, into);
            space();
            if (at < end) {
                bad |= b.get(at) != ',';
                at++;
                space();
                bad |= at == end;
            }
        }
        return !bad;
    }

    private int valueBehindSign() {
        at++;
        return item();
    }

    private void keep(int from, int length, int value, Directives into) {
        if (bad) {
            return;
        }
        int number = Directives.numberOf(b, from, length);
        int flag = number >= 0 ? 0 : Directives.flagOf(b, from, length);
        if (number >= 0 && value >= 0) {
            into.number(number, value);
            into.found();
        } else if (flag != 0 && (value == BARE || value == TRUE || value == FALSE)) {
            into.flag(flag, value != FALSE);
            into.found();
        } else if (flag == 0 && number < 0) {
            // A directive that nobody knows is one all the same.
            into.found();
        }
    }

    private void key() {
        int from = at;
        while (at < end && isKeyPart(b.get(at), at == from)) {
            at++;
        }
        bad |= at == from;
    }

    private static boolean isKeyPart(byte c, boolean first) {
        return c >= 'a' && c <= 'z' || c == '*'
                || !first && (c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.');
    }

    /** A number of seconds, or one of the constants. */
    private int item() {
        if (at == end) {
            bad = true;
            return OTHER;
        }
        byte c = b.get(at);
        if (c == '"') {
            return string();
        }
        if (c == '(') {
            return innerList();
        }
        if (c == '?') {
            at += 2;
            bad |= at > end || b.get(at - 1) != '0' && b.get(at - 1) != '1';
            return bad ? OTHER : b.get(at - 1) == '1' ? TRUE : FALSE;
        }
        if (c == '-' || c >= '0' && c <= '9') {
            return number();
        }
        if (c == ':') {
            at = AsciiBytes.indexOf(b, at + 1, end, ':');
            bad |= at >= end;
            at++;
            return OTHER;
        }
        return token(c);
    }

    private int token(byte first) {
        bad |= !(first >= 'a' && first <= 'z' || first >= 'A' && first <= 'Z' || first == '*');
        while (at < end && isTokenPart(b.get(at))) {
            at++;
        }
        return OTHER;
    }

    private static boolean isTokenPart(byte c) {
        return c > ' ' && c < 0x7f && c != ',' && c != ';' && c != '=' && c != '"' && c != '('
                && c != ')';
    }

    private int string() {
        at++;
        while (at < end && b.get(at) != '"') {
            at += b.get(at) == '\\' ? 2 : 1;
        }
        bad |= at >= end;
        at++;
        return OTHER;
    }

    private int innerList() {
        at++;
        while (!bad) {
            skip(' ');
            if (at < end && b.get(at) == ')') {
                at++;
                return OTHER;
            }
            item();
            parameters();
        }
        return OTHER;
    }

    /** An integer has 15 digits at most; one with a fraction is no number of seconds. */
    private int number() {
        boolean negative = b.get(at) == '-';
        at += negative ? 1 : 0;
        int from = at;
        long value = 0;
        while (at < end && b.get(at) >= '0' && b.get(at) <= '9') {
            value = Math.min(Directives.SECONDS_MAX, value * 10 + b.get(at) - '0');
            at++;
        }
        bad |= at == from || at - from > 15;
        if (at < end && b.get(at) == '.') {
            at++;
            int fraction = at;
            while (at < end && b.get(at) >= '0' && b.get(at) <= '9') {
                at++;
            }
            bad |= at == fraction;
            return OTHER;
        }
        return negative ? OTHER : (int) value;
    }

    private void parameters() {
        while (!bad && at < end && b.get(at) == ';') {
            at++;
            skip(' ');
            key();
            if (at < end && b.get(at) == '=') {
                at++;
                item();
            }
        }
    }

    private void skip(char c) {
        while (at < end && b.get(at) == c) {
            at++;
        }
    }

    private void space() {
        while (at < end && (b.get(at) == ' ' || b.get(at) == '\t')) {
            at++;
        }
    }
}
