package dev.sluice.worker.proxyprotocol;

import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.StreamConfig;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.linux.Errno;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.match.NetworkTable;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Headers of the PROXY protocol before the first request, or before TLS: at which addresses they
 * must come, from whom they are believed, and one at a time what it says. A header is looked at
 * where the kernel has it until it is complete, so that a connection that sends one holds no memory
 * and what follows it is read by whoever it is for.
 *
 * <p>Written at boot, then read-only but for what the last {@link #look} saw; owner: event loop.
 */
public final class ProxyFront {

    /** {@link #look}: more has to come. */
    public static final int WAITING = 0;
    /** {@link #look}: the connection cannot go on; {@link #failure} says why. */
    public static final int FAILED = -1;

    /** By place of the listening address; null where no header comes. */
    private final NetworkTable[] trusted;
    /** Whether each connection must begin with one. */
    private final boolean[] expected;
    private final ProxyHeaderParser parser = new ProxyHeaderParser();
    private final ByteBuffer seen = ByteBuffer.allocateDirect(ProxyHeaderParser.BYTES_MAX);
    private final long seenAddress = MemorySegment.ofBuffer(seen).address();
    private String failure;

    private ProxyFront(NetworkTable[] trusted, boolean[] expected) {
        this.trusted = trusted;
        this.expected = expected;
    }

    /** Null when no address expects a header. Who is trusted by any server of one is trusted. */
    public static ProxyFront of(SluiceConfig config) {
        List<ListenConfig> listens = config.listenAddresses();
        NetworkTable[] trusted = new NetworkTable[listens.size()];
        boolean[] expected = new boolean[trusted.length];
        boolean any = false;
        for (int i = 0; i < trusted.length; i++) {
            boolean auto = listens.get(i).auto()
                    && !trustedAt(config, listens.get(i).key()).isEmpty();
            if (auto || listens.get(i).proxyProtocol()) {
                expected[i] = !auto;
                trusted[i] = NetworkTable.of(trustedAt(config, listens.get(i).key()));
                any = true;
            }
        }
        return any ? new ProxyFront(trusted, expected) : null;
    }

    private static List<String> trustedAt(SluiceConfig config, String key) {
        List<String> all = new ArrayList<>();
        for (ServerConfig server : config.servers()) {
            if (server.listens().stream().anyMatch(listen -> listen.key().equals(key))) {
                all.addAll(server.claims().trusted());
            }
        }
        for (StreamConfig stream : config.streams()) {
            if (stream.listens().stream().anyMatch(listen -> listen.key().equals(key))) {
                all.addAll(stream.trusted());
            }
        }
        return all;
    }

    public boolean expects(int listenIndex) {
        return expected[listenIndex];
    }

    /** Whether a header is believed of the address in {@code [0, length)}. */
    public boolean trusts(int listenIndex, ByteBuffer address, int length) {
        return trusted[listenIndex] != null
                && trusted[listenIndex].find(address, 0, length) != NetworkTable.NONE;
    }

    /**
     * Looks at what a socket has received.
     *
     * @return length of the header, which the caller takes off the socket; {@link #WAITING} or
     *     {@link #FAILED}
     */
    public int look(int fd) {
        long count = Libc.peek(fd, seenAddress, seen.capacity());
        if (count <= 0) {
            failure = "the connection ended";
            return count == -Errno.EAGAIN ? WAITING : FAILED;
        }
        int length = parser.parse(seen, 0, (int) count);
        if (length == ProxyHeaderParser.BAD) {
            failure = parser.error();
            return FAILED;
        }
        return length;
    }

    /** Memory for the header, which is taken off the socket into it; its content has no use. */
    public long memory() {
        return seenAddress;
    }

    /** What the last complete header said; null when it names no client. */
    public ProxiedEnds ends() {
        return !parser.isKnown() ? null : new ProxiedEnds(parser.isV4(), parser.sourceHigh(),
                parser.sourceLow(), parser.sourcePort(), parser.targetHigh(), parser.targetLow(),
                parser.targetPort());
    }

    public String failure() {
        return failure;
    }
}
