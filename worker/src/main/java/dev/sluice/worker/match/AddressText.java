package dev.sluice.worker.match;

import java.nio.ByteBuffer;

/**
 * Reads an IP address from text without making an object: IPv4 dotted, or any form of IPv6
 * (RFC 4291 §2.2). The result is 128 bits, an IPv4 address mapped into them.
 *
 * <p>Owner: event loop (or one test thread).
 */
public final class AddressText {

    private static final int GROUPS = 8;

    private final int[] groups = new int[GROUPS];
    private long high;
    private long low;
    private boolean v4;

    /** The low half of the mapped form of an IPv4 address. */
    public static long mapped(long v4Bits) {
        return 0xffff_0000_0000L | v4Bits;
    }

    public long high() {
        return high;
    }

    public long low() {
        return low;
    }

    public boolean isV4() {
        return v4;
    }

    /** @return false when the text is no address */
    public boolean parse(ByteBuffer b, int from, int end) {
        boolean colon = false;
        for (int i = from; i < end; i++) {
            colon |= b.get(i) == ':';
        }
        if (!colon) {
            long bits = dotted(b, from, end);
            high = 0;
            low = mapped(bits);
            v4 = true;
            return bits >= 0;
        }
        if (!v6(b, from, end)) {
            return false;
        }
        high = four(0);
        low = four(4);
        v4 = high == 0 && low >>> 32 == 0xffff;
        return true;
    }

    private long four(int first) {
        long word = 0;
        for (int i = first; i < first + 4; i++) {
            word = word << 16 | groups[i];
        }
        return word;
    }

    /** The 32 bits, or -1. */
    private static long dotted(ByteBuffer b, int at, int end) {
        long bits = 0;
        int parts = 0;
        while (at < end && parts < 4) {
            int value = 0;
            int digits = 0;
            while (at < end && b.get(at) >= '0' && b.get(at) <= '9' && digits < 3) {
                value = value * 10 + b.get(at++) - '0';
                digits++;
            }
            if (digits == 0 || value > 255) {
                return -1;
            }
            bits = bits << 8 | value;
            parts++;
            if (parts < 4 && (at == end || b.get(at++) != '.')) {
                return -1;
            }
        }
        return parts == 4 && at == end ? bits : -1;
    }

    private boolean v6(ByteBuffer b, int at, int end) {
        int count = 0;
        int gap = -1;
        if (end - at >= 2 && b.get(at) == ':' && b.get(at + 1) == ':') {
            gap = 0;
            at += 2;
        }
        while (at < end) {
            if (count == GROUPS) {
                return false;
            }
            int groupEnd = groupEnd(b, at, end);
            if (groupEnd < end && b.get(groupEnd) == '.') {
                long bits = count > GROUPS - 2 ? -1 : dotted(b, at, end);
                if (bits < 0) {
                    return false;
                }
                groups[count++] = (int) (bits >>> 16);
                groups[count++] = (int) bits & 0xffff;
                break;
            }
            if (groupEnd == at || groupEnd - at > 4) {
                return false;
            }
            groups[count++] = hex(b, at, groupEnd);
            at = groupEnd;
            if (at == end) {
                break;
            }
            if (b.get(at++) != ':' || at == end) {
                return false;
            }
            if (b.get(at) == ':') {
                if (gap >= 0) {
                    return false;
                }
                gap = count;
                at++;
            }
        }
        return fillGap(gap, count);
    }

    private boolean fillGap(int gap, int count) {
        if (gap < 0 || count == GROUPS) {
            return gap < 0 && count == GROUPS;
        }
        int tail = count - gap;
        for (int i = 1; i <= tail; i++) {
            groups[GROUPS - i] = groups[count - i];
        }
        for (int i = gap; i < GROUPS - tail; i++) {
            groups[i] = 0;
        }
        return true;
    }

    private static int groupEnd(ByteBuffer b, int at, int end) {
        while (at < end && Character.digit(b.get(at), 16) >= 0) {
            at++;
        }
        return at;
    }

    private static int hex(ByteBuffer b, int at, int end) {
        int value = 0;
        while (at < end) {
            value = value << 4 | Character.digit(b.get(at++), 16);
        }
        return value;
    }
}
