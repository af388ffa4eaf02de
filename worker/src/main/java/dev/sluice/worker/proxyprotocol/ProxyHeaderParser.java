package dev.sluice.worker.proxyprotocol;

import dev.sluice.worker.match.AddressText;
import java.nio.ByteBuffer;

/**
 * Reads the header of the PROXY protocol (HAProxy's proxy-protocol.txt), both versions. Nothing is
 * guessed: what is not exactly a header is refused at the first byte that cannot be one.
 *
 * <pre>
 *  1:  PROXY TCP4 192.0.2.7 198.51.100.1 56324 443 CR LF           at most 107 bytes
 *      PROXY UNKNOWN ... CR LF
 *
 *      0                              12            13       14        16
 *  2:  | 0D 0A 0D 0A 00 0D 0A 51 ..   | version 2,  | family,| bytes   | addresses, ports,
 *      | signature                    | command     | type   | behind  | then type-length-values
 * </pre>
 *
 * LOCAL, UNKNOWN and families without an IP address name nobody. Type-length-values are looked at
 * only so far that they fit; none has a meaning here.
 *
 * <p>Owner: event loop. Reused.
 */
public final class ProxyHeaderParser {

    /** {@link #parse}: more bytes are needed. */
    public static final int NEED_MORE = 0;
    /** {@link #parse}: it is no header; {@link #error} says why. */
    public static final int BAD = -1;
    /** The longest header that is taken, of either version. */
    public static final int BYTES_MAX = 4096;

    private static final int V1_BYTES_MAX = 107;
    private static final byte[] V1 = {'P', 'R', 'O', 'X', 'Y', ' '};
    private static final byte[] UNKNOWN = {'U', 'N', 'K', 'N', 'O', 'W', 'N'};
    private static final byte[] TCP4 = {'T', 'C', 'P', '4', ' '};
    private static final byte[] TCP6 = {'T', 'C', 'P', '6', ' '};
    private static final byte[] V2 = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final int V2_HEAD_BYTES = 16;
    private static final int V2_IPV4_BYTES = 12;
    private static final int V2_IPV6_BYTES = 36;
    private static final int V2_UNIX_BYTES = 216;
    private static final int PORT_MAX = 65_535;

    private final AddressText address = new AddressText();
    private boolean known;
    private boolean v4;
    private long sourceHigh;
    private long sourceLow;
    private int sourcePort;
    private long targetHigh;
    private long targetLow;
    private int targetPort;
    private String error;
    /** Where the word that was read last ends. */
    private int at;

    /**
     * @param from the first byte that the client has sent
     * @return length of the header, {@link #NEED_MORE} or {@link #BAD}
     */
    public int parse(ByteBuffer b, int from, int to) {
        known = false;
        error = null;
        int length = to - from;
        if (length == 0) {
            return NEED_MORE;
        }
        if (b.get(from) == V1[0]) {
            return version1(b, from, to);
        }
        int same = sameBytes(b, from, to, V2);
        if (same < Math.min(length, V2.length)) {
            return bad("neither version of the protocol");
        }
        return length < V2_HEAD_BYTES ? early(b, from, length) : version2(b, from, to);
    }

    private int bad(String why) {
        known = false;
        error = why;
        return BAD;
    }

    private static int sameBytes(ByteBuffer b, int from, int to, byte[] expected) {
        int same = 0;
        while (same < expected.length && from + same < to && b.get(from + same) == expected[same]) {
            same++;
        }
        return same;
    }

    // ---- version 1

    private int version1(ByteBuffer b, int from, int to) {
        int prefix = sameBytes(b, from, to, V1);
        if (prefix < Math.min(to - from, V1.length)) {
            return bad("neither version of the protocol");
        }
        int most = Math.min(to, from + V1_BYTES_MAX);
        int end = from;
        while (end < most && b.get(end) != '\r') {
            end++;
        }
        if (end + 1 >= most) {
            return to - from >= V1_BYTES_MAX ? bad("a first line of more than 107 bytes")
                    : NEED_MORE;
        }
        if (b.get(end + 1) != '\n') {
            return bad("a first line without an end");
        }
        at = from + V1.length;
        int length = end + 2 - from;
        if (sameBytes(b, at, end, UNKNOWN) == UNKNOWN.length) {
            at += UNKNOWN.length;
            return at == end || b.get(at) == ' ' ? length : bad("an unknown family");
        }
        boolean six = sameBytes(b, at, end, TCP6) == TCP6.length;
        if (!six && sameBytes(b, at, end, TCP4) != TCP4.length) {
            return bad("an unknown family");
        }
        at += TCP4.length;
        return addresses(b, end, six) ? length : BAD;
    }

    private boolean addresses(ByteBuffer b, int end, boolean six) {
        v4 = !six;
        if (!address(b, end, six)) {
            return false;
        }
        sourceHigh = address.high();
        sourceLow = address.low();
        if (!address(b, end, six)) {
            return false;
        }
        targetHigh = address.high();
        targetLow = address.low();
        sourcePort = port(b, wordEnd(b, end));
        at++;
        targetPort = sourcePort < 0 || at > end ? -1 : port(b, end);
        if (targetPort < 0) {
            bad("a port that is none");
            return false;
        }
        known = true;
        return true;
    }

    /** Reads an address and the space behind it. */
    private boolean address(ByteBuffer b, int end, boolean six) {
        int to = wordEnd(b, end);
        boolean colon = false;
        for (int i = at; i < to; i++) {
            colon |= b.get(i) == ':';
        }
        if (to == end || colon != six || !address.parse(b, at, to)) {
            bad("an address that is none of its family");
            return false;
        }
        at = to + 1;
        return true;
    }

    private int wordEnd(ByteBuffer b, int end) {
        int i = at;
        while (i < end && b.get(i) != ' ') {
            i++;
        }
        return i;
    }

    /** Digits without a leading zero. @return -1 for anything else */
    private int port(ByteBuffer b, int to) {
        int digits = to - at;
        if (digits < 1 || digits > 5 || digits > 1 && b.get(at) == '0') {
            return -1;
        }
        int value = 0;
        while (at < to) {
            int digit = b.get(at++) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value <= PORT_MAX ? value : -1;
    }

    // ---- version 2

    /** Refuses what can be refused before its first 16 bytes are there. */
    private int early(ByteBuffer b, int from, int length) {
        boolean command = length <= V2.length || isCommand(b.get(from + V2.length));
        return command ? NEED_MORE : bad("an unknown version or command");
    }

    private static boolean isCommand(byte versionAndCommand) {
        return versionAndCommand == 0x20 || versionAndCommand == 0x21;
    }

    private int version2(ByteBuffer b, int from, int to) {
        byte command = b.get(from + V2.length);
        if (!isCommand(command)) {
            return bad("an unknown version or command");
        }
        int family = (b.get(from + 13) & 0xff) >>> 4;
        int type = b.get(from + 13) & 0xf;
        if (family > 3 || type > 2) {
            return bad("an unknown family");
        }
        int behind = (b.get(from + 14) & 0xff) << 8 | b.get(from + 15) & 0xff;
        if (V2_HEAD_BYTES + behind > BYTES_MAX) {
            return bad("a header of more than 4096 bytes");
        }
        if (to - from < V2_HEAD_BYTES + behind) {
            return NEED_MORE;
        }
        boolean local = (command & 0xf) == 0;
        int addressBytes = local ? 0 : addressBytes(family);
        if (behind < addressBytes) {
            return bad("addresses that are cut off");
        }
        int first = from + V2_HEAD_BYTES;
        int end = first + behind;
        if (!local && family > 0 && !fits(b, first + addressBytes, end)) {
            return bad("values that do not fit");
        }
        if (!local && type == 1 && (family == 1 || family == 2)) {
            binary(b, first, family == 1);
        }
        return end - from;
    }

    private static int addressBytes(int family) {
        return switch (family) {
            case 1 -> V2_IPV4_BYTES;
            case 2 -> V2_IPV6_BYTES;
            case 3 -> V2_UNIX_BYTES;
            default -> 0;
        };
    }

    /** Whether type (1 byte), length (2 bytes) and value follow each other up to the end. */
    private static boolean fits(ByteBuffer b, int first, int end) {
        int i = first;
        while (end - i >= 3) {
            i += 3 + ((b.get(i + 1) & 0xff) << 8 | b.get(i + 2) & 0xff);
        }
        return i == end;
    }

    private void binary(ByteBuffer b, int first, boolean four) {
        v4 = four;
        int bytes = four ? 4 : 16;
        sourceHigh = four ? 0 : bits(b, first, 8);
        sourceLow = four ? AddressText.mapped(bits(b, first, 4)) : bits(b, first + 8, 8);
        targetHigh = four ? 0 : bits(b, first + bytes, 8);
        targetLow = four ? AddressText.mapped(bits(b, first + bytes, 4))
                : bits(b, first + bytes + 8, 8);
        sourcePort = (int) bits(b, first + 2 * bytes, 2);
        targetPort = (int) bits(b, first + 2 * bytes + 2, 2);
        known = true;
    }

    private static long bits(ByteBuffer b, int from, int count) {
        long value = 0;
        for (int i = from; i < from + count; i++) {
            value = value << 8 | b.get(i) & 0xff;
        }
        return value;
    }

    // ---- what the last header said

    /** Whether it names a client; else the connection's own address stays. */
    public boolean isKnown() {
        return known;
    }

    /** Whether the addresses are IPv4; they are mapped into the low half then. */
    public boolean isV4() {
        return v4;
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public int sourcePort() {
        return sourcePort;
    }

    public long targetHigh() {
        return targetHigh;
    }

    public long targetLow() {
        return targetLow;
    }

    public int targetPort() {
        return targetPort;
    }

    /** What was found in place of a header, for a log line. */
    public String error() {
        return error;
    }
}
