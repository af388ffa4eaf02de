package dev.sluice.worker.dispatch;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The clients that an {@code allow} list admits. An IPv4 address that arrives inside an IPv6 one
 * (::ffff:192.0.2.7) is the IPv4 address it stands for, and no IPv6 network holds an IPv4 client:
 * {@code ::/0} admits none. The word {@code unix:} admits clients of unix sockets.
 *
 * <p>Owner: event loop.
 */
final class ClientAddresses {

    private static final int ADDRESS_BYTES_MAX = 128;
    private static final int V4_BITS = 32;
    private static final int MAPPED_BITS = 96;

    /** Network i: its address in 128 bits, an IPv4 one mapped, and its mask. */
    private final long[] high;
    private final long[] low;
    private final long[] highMask;
    private final long[] lowMask;
    private final boolean[] v4;
    private final boolean unix;
    private final boolean any;
    private final AddressText client = new AddressText();
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer text = ByteBuffer.allocateDirect(ADDRESS_BYTES_MAX);

    /** An empty list admits everybody. */
    ClientAddresses(List<String> networks) {
        any = networks.isEmpty() || networks.contains("all");
        unix = networks.contains("unix:");
        List<String> literals = networks.stream()
                .filter(one -> !one.equals("unix:") && !one.equals("all")).toList();
        int count = literals.size();
        high = new long[count];
        low = new long[count];
        highMask = new long[count];
        lowMask = new long[count];
        v4 = new boolean[count];
        for (int i = 0; i < count; i++) {
            add(i, literals.get(i));
        }
    }

    private void add(int i, String network) {
        int slash = network.indexOf('/');
        String literal = slash < 0 ? network : network.substring(0, slash);
        // Java itself turns a mapped literal into an IPv4 address.
        byte[] bytes = InetAddress.ofLiteral(literal).getAddress();
        boolean dotted = bytes.length == 4;
        boolean mapped = dotted && literal.indexOf(':') >= 0;
        int bitsMax = dotted && !mapped ? V4_BITS : 128;
        int bits = slash < 0 ? bitsMax : Integer.parseInt(network.substring(slash + 1));
        if (bits < 0 || bits > bitsMax || mapped && bits < MAPPED_BITS) {
            throw new IllegalArgumentException("network \"" + network + "\"");
        }
        bits += dotted && !mapped ? MAPPED_BITS : 0;
        highMask[i] = bits >= 64 ? -1L : bits == 0 ? 0 : -1L << 64 - bits;
        lowMask[i] = bits <= 64 ? 0 : -1L << 128 - bits;
        high[i] = (dotted ? 0 : word(bytes, 0)) & highMask[i];
        low[i] = (dotted ? AddressText.mapped(word(bytes, 0)) : word(bytes, 8)) & lowMask[i];
        v4[i] = dotted;
    }

    private static long word(byte[] bytes, int from) {
        long word = 0;
        for (int i = from; i < Math.min(from + 8, bytes.length); i++) {
            word = word << 8 | bytes[i] & 0xff;
        }
        return word;
    }

    boolean admitsAll() {
        return any;
    }

    boolean admits(ClientStream stream) {
        if (any) {
            return true;
        }
        sink.reset(text, 0, ADDRESS_BYTES_MAX);
        stream.remoteAddress(sink);
        int length = sink.position();
        if (length >= 5 && text.get(0) == 'u' && text.get(4) == ':') {
            return unix;
        }
        return client.parse(text, 0, length) && holds(client.high(), client.low(), client.isV4());
    }

    private boolean holds(long clientHigh, long clientLow, boolean clientV4) {
        for (int i = 0; i < high.length; i++) {
            if (v4[i] == clientV4 && (clientHigh & highMask[i]) == high[i]
                    && (clientLow & lowMask[i]) == low[i]) {
                return true;
            }
        }
        return false;
    }
}
