package dev.sluice.worker.match;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * Networks and a number for each; of those that hold an address the longest prefix counts, or, in
 * a list {@link #inOrder}, the first. They are cut into ranges that do not overlap, so a lookup is
 * a binary search however they nest.
 *
 * <p>An IPv4 address inside an IPv6 one (::ffff:192.0.2.7) is the IPv4 address it stands for, and
 * no IPv6 network holds an IPv4 address: {@code ::/0} holds none. {@code unix:} stands for every
 * client of a unix socket.
 *
 * <p>Written at boot; the memory of a lookup belongs to the event loop.
 */
public final class NetworkTable {

    /** What an address is that no network holds. */
    public static final int NONE = -1;

    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;
    private static final int MAPPED_BITS = V6_BITS - V4_BITS;

    /** From the first to the last address, 128 bits each, an IPv4 one mapped into them. */
    private record Network(long high, long low, int bits, int place, int value) {

        /** The same addresses, decided by another network that holds them all. */
        Network with(Network other) {
            return new Network(high, low, bits, other.place, other.value);
        }

        long lastHigh() {
            return bits >= 64 ? high : high | -1L >>> bits;
        }

        long lastLow() {
            return bits == V6_BITS ? low : bits <= 64 ? -1L : low | -1L >>> bits - 64;
        }
    }

    private final Ranges v4;
    private final Ranges v6;
    private final int unix;
    private final AddressText address = new AddressText();

    /**
     * @param networks in CIDR form, an address alone, or {@code unix:}; of equal ones the last
     *     counts
     * @param values of the networks, not negative
     */
    public NetworkTable(List<String> networks, int[] values) {
        this(networks, values, false);
    }

    private NetworkTable(List<String> networks, int[] values, boolean firstCounts) {
        List<Network> four = new ArrayList<>();
        List<Network> six = new ArrayList<>();
        int ofUnix = NONE;
        for (int i = 0; i < values.length; i++) {
            assert values[i] >= 0;
            if (networks.get(i).equals("unix:")) {
                ofUnix = firstCounts && ofUnix != NONE ? ofUnix : values[i];
            } else {
                Network network = network(networks.get(i), i, values[i]);
                boolean mapped = network.high == 0 && network.low >>> V4_BITS == 0xffff
                        && network.bits >= MAPPED_BITS;
                (mapped ? four : six).add(network);
            }
        }
        v4 = new Ranges(four, firstCounts);
        v6 = new Ranges(six, firstCounts);
        unix = ofUnix;
    }

    /** A set of networks: {@link #find} is 0 for what one of them holds. */
    public static NetworkTable of(List<String> networks) {
        return new NetworkTable(networks, new int[networks.size()]);
    }

    /** A list of rules: of the networks that hold an address the first counts, not the longest. */
    public static NetworkTable inOrder(List<String> networks, int[] values) {
        return new NetworkTable(networks, values, true);
    }

    private static Network network(String text, int place, int value) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        // Java itself turns a mapped literal into an IPv4 address.
        byte[] bytes = InetAddress.ofLiteral(literal).getAddress();
        boolean dotted = bytes.length == 4;
        int skipped = dotted && literal.indexOf(':') < 0 ? MAPPED_BITS : 0;
        int bits = slash < 0 ? V6_BITS : Integer.parseInt(text.substring(slash + 1)) + skipped;
        boolean mapped = dotted && skipped == 0;
        if (bits < skipped || bits > V6_BITS || mapped && bits < MAPPED_BITS) {
            throw new IllegalArgumentException("network \"" + text + "\"");
        }
        long high = dotted ? 0 : word(bytes, 0);
        long low = dotted ? AddressText.mapped(word(bytes, 0)) : word(bytes, 8);
        long highMask = bits >= 64 ? -1L : bits == 0 ? 0 : -1L << 64 - bits;
        long lowMask = bits <= 64 ? 0 : -1L << V6_BITS - bits;
        return new Network(high & highMask, low & lowMask, bits, place, value);
    }

    private static long word(byte[] bytes, int from) {
        long word = 0;
        for (int i = from; i < Math.min(from + 8, bytes.length); i++) {
            word = word << 8 | bytes[i] & 0xff;
        }
        return word;
    }

    /** The value of the address written in this range; {@link #NONE} also if it is no address. */
    public int find(ByteBuffer b, int from, int end) {
        if (end - from >= 5 && b.get(from) == 'u' && b.get(from + 4) == ':') {
            return unix;
        }
        return address.parse(b, from, end) ? find(address) : NONE;
    }

    /** The value of an address that has been read. */
    public int find(AddressText text) {
        return find(text.isV4(), text.high(), text.low());
    }

    /** The value of an address of 128 bits, IPv4 ones mapped. */
    public int find(boolean isV4, long high, long low) {
        return (isV4 ? v4 : v6).find(high, low);
    }

    /**
     * Where each range begins, ascending; it ends where the next one begins. Written at boot, then
     * read-only.
     */
    private static final class Ranges {

        private long[] high = new long[16];
        private long[] low = new long[16];
        private int[] values = new int[16];
        private int count;

        Ranges(List<Network> networks, boolean firstCounts) {
            // A wider network comes before those inside it.
            List<Network> sorted = new ArrayList<>(networks);
            sorted.sort(Comparator.comparingLong((Network n) -> n.high + Long.MIN_VALUE)
                    .thenComparingLong(n -> n.low + Long.MIN_VALUE)
                    .thenComparingInt(Network::bits));
            Deque<Network> around = new ArrayDeque<>();
            for (Network network : sorted) {
                while (!around.isEmpty() && endsBefore(around.peek(), network)) {
                    close(around);
                }
                Network counts = firstCounts && !around.isEmpty()
                        && around.peek().place < network.place
                        ? network.with(around.peek()) : network;
                begin(network.high, network.low, counts.value);
                around.push(counts);
            }
            while (!around.isEmpty()) {
                close(around);
            }
        }

        private static boolean endsBefore(Network one, Network other) {
            int order = Long.compareUnsigned(one.lastHigh(), other.high);
            return order < 0
                    || order == 0 && Long.compareUnsigned(one.lastLow(), other.low) < 0;
        }

        /** Behind the end of a network the one around it goes on. */
        private void close(Deque<Network> around) {
            Network ended = around.pop();
            long nextLow = ended.lastLow() + 1;
            long nextHigh = nextLow == 0 ? ended.lastHigh() + 1 : ended.lastHigh();
            if (nextHigh != 0 || nextLow != 0) {
                begin(nextHigh, nextLow, around.isEmpty() ? NONE : around.peek().value);
            }
        }

        private void begin(long fromHigh, long fromLow, int value) {
            boolean again = count > 0 && high[count - 1] == fromHigh && low[count - 1] == fromLow;
            if (!again) {
                if (count == high.length) {
                    high = Arrays.copyOf(high, count * 2);
                    low = Arrays.copyOf(low, count * 2);
                    values = Arrays.copyOf(values, count * 2);
                }
                high[count] = fromHigh;
                low[count] = fromLow;
                count++;
            }
            values[count - 1] = value;
        }

        int find(long wantedHigh, long wantedLow) {
            int from = 0;
            int to = count - 1;
            while (from <= to) {
                int middle = from + to >>> 1;
                int order = Long.compareUnsigned(high[middle], wantedHigh);
                order = order != 0 ? order : Long.compareUnsigned(low[middle], wantedLow);
                if (order <= 0) {
                    from = middle + 1;
                } else {
                    to = middle - 1;
                }
            }
            return to < 0 ? NONE : values[to];
        }
    }
}
