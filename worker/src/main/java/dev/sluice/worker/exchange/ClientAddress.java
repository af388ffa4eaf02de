package dev.sluice.worker.exchange;

import dev.sluice.worker.arena.ByteSink;

/**
 * Prints socket addresses kept as two longs, so that a connection holds no address object.
 * Stateless.
 */
public final class ClientAddress {

    public static final int UNIX = 0;
    public static final int IPV4 = 4;
    public static final int IPV6 = 6;

    /** Netty's form: an address, for IPv6 a scope, and a port, each of four bytes or sixteen. */
    private static final int V4_BYTES = 8;
    private static final int V6_BYTES = 24;
    private static final byte[] UNIX_TEXT = {'u', 'n', 'i', 'x', ':'};

    private ClientAddress() {
    }

    /** IPv4 dotted; IPv6 as RFC 5952 wants it, an IPv4-mapped one dotted like nginx prints it. */
    public static void print(int family, long high, long low, ByteSink out) {
        if (family == UNIX) {
            out.put(UNIX_TEXT);
        } else if (family == IPV4) {
            dotted((int) low, out);
        } else if (high == 0 && low >>> 32 == 0xffff) {
            out.put(':').put(':').put('f').put('f').put('f').put('f').put(':');
            dotted((int) low, out);
        } else {
            ipv6(high, low, out);
        }
    }

    private static void dotted(int address, ByteSink out) {
        out.putDecimal(address >>> 24).put('.').putDecimal(address >>> 16 & 0xff).put('.')
                .putDecimal(address >>> 8 & 0xff).put('.').putDecimal(address & 0xff);
    }

    private static int group(long high, long low, int index) {
        long half = index < 4 ? high : low;
        return (int) (half >>> (48 - (index & 3) * 16)) & 0xffff;
    }

    private static void ipv6(long high, long low, ByteSink out) {
        int bestStart = -1;
        int bestLength = 1;
        int length = 0;
        for (int i = 0; i < 8; i++) {
            length = group(high, low, i) == 0 ? length + 1 : 0;
            if (length > bestLength) {
                bestLength = length;
                bestStart = i - length + 1;
            }
        }
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                out.put(':').put(':');
                i += bestLength - 1;
                continue;
            }
            if (i > 0 && i != bestStart + bestLength) {
                out.put(':');
            }
            out.putHex(group(high, low, i));
        }
    }

    /** IPV4, IPV6 or UNIX: of what accept(2) said, in Netty's form, its length first. */
    public static int family(byte[] address) {
        return address[0] == V4_BYTES ? IPV4 : address[0] == V6_BYTES ? IPV6 : UNIX;
    }

    /** The first half of an IPv6 address; 0 of any other. */
    public static long high(byte[] address) {
        return address[0] == V6_BYTES ? bytesToLong(address, 1, 8) : 0;
    }

    /** The second half of an IPv6 address, or the IPv4 address. */
    public static long low(byte[] address) {
        return address[0] == V4_BYTES ? bytesToLong(address, 1, 4)
                : address[0] == V6_BYTES ? bytesToLong(address, 9, 8) : 0;
    }

    /** 0 on a unix socket. */
    public static char port(byte[] address) {
        return address[0] == V4_BYTES ? (char) bytesToLong(address, 5, 4)
                : address[0] == V6_BYTES ? (char) bytesToLong(address, 21, 4) : 0;
    }

    /** Big-endian bytes, as Netty's accept delivers them. */
    public static long bytesToLong(byte[] bytes, int from, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | bytes[from + i] & 0xff;
        }
        return value;
    }
}
