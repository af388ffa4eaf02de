package dev.sluice.worker.detect;

import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.log.Level;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientAddress;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.linux.Errno;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.proxyprotocol.ProxyFront;
import dev.sluice.worker.watch.WatchedList;
import io.netty.channel.unix.Socket;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at the first bytes of each connection to an address with {@code auto}, where the kernel has
 * them, and hands it to whoever speaks that. Clients whose server speaks first are waited for in
 * vain: such a protocol needs an address of its own.
 *
 * <p>Owner: event loop.
 */
public final class Detector {

    /** Takes connections over. All calls come on the loop; the address is valid during them. */
    public interface Taker {

        /**
         * HTTP, or TLS of which HTTP comes out.
         *
         * @param ends what a PROXY header has said; null without one, or when it names nobody
         */
        void http(int fd, byte[] address, int listenIndex, boolean tls, ProxiedEnds ends);

        /** Anything else. @return false when there is nobody for it; the socket is still open */
        boolean other(int fd, byte[] address, int listenIndex, ProxiedEnds ends);
    }

    private static final long NS_PER_MS = 1_000_000L;
    private static final int ADDRESS_BYTES_MAX = 128;

    final LoopContext ctx;
    private final Taker taker;
    /** Null when no address expects a header by itself or believes in one. */
    private final ProxyFront proxies;
    private final boolean[] auto;
    private final long timeoutNs;
    private long serial;
    private final List<FirstBytes> waiting = new ArrayList<>();
    private final ByteBuffer seen = ByteBuffer.allocateDirect(Protocol.BYTES_MAX);
    private final long seenAddress = MemorySegment.ofBuffer(seen).address();
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer text = ByteBuffer.allocateDirect(ADDRESS_BYTES_MAX);

    private Detector(SluiceConfig config, LoopContext ctx, ProxyFront proxies, Taker taker) {
        this.ctx = ctx;
        this.taker = taker;
        this.proxies = proxies;
        this.timeoutNs = config.http().clientHeaderTimeoutMs() * NS_PER_MS;
        List<ListenConfig> listens = config.listenAddresses();
        auto = new boolean[listens.size()];
        for (int i = 0; i < auto.length; i++) {
            auto[i] = listens.get(i).auto();
        }
    }

    /** Null when no address has {@code auto}: nothing of it is loaded then. */
    public static Detector of(SluiceConfig config, LoopContext ctx, ProxyFront proxies,
            Taker taker) {
        for (ListenConfig listen : config.listenAddresses()) {
            if (listen.auto()) {
                return new Detector(config, ctx, proxies, taker);
            }
        }
        return null;
    }

    public boolean owns(int listenIndex) {
        return auto[listenIndex];
    }

    /** Takes an accepted socket over; the address is copied. */
    public void accepted(int fd, byte[] address, int listenIndex) {
        FirstBytes one = new FirstBytes(this, address.clone(), listenIndex, ++serial);
        if (one.start(new Socket(fd), timeoutNs)) {
            waiting.add(one);
        }
    }

    /** The worker drains: who has said nothing so far is not waited for. */
    public void stop() {
        while (!waiting.isEmpty()) {
            waiting.getLast().close();
        }
    }

    /** All that are waited for, for an operator. */
    public WatchedList<?> rows() {
        return new WaitingRows(this);
    }

    int waitingCount() {
        return waiting.size();
    }

    FirstBytes waiting(int index) {
        return waiting.get(index);
    }

    void gone(FirstBytes one) {
        waiting.remove(one);
    }

    /** What the socket has received so far. */
    void look(FirstBytes one) {
        Protocol found = one.hasHungUp() ? Protocol.OTHER : Protocol.UNKNOWN;
        long count = Libc.peek(one.fdNumber(), seenAddress, Protocol.BYTES_MAX);
        if (count > 0) {
            Protocol seenNow = Protocol.of(seen, (int) count);
            found = seenNow == Protocol.UNKNOWN ? found : seenNow;
        } else if (count != -Errno.EAGAIN) {
            one.close();
            return;
        }
        switch (found) {
            case UNKNOWN -> { }
            case PROXY -> readHeader(one);
            case TLS, HTTP -> taker.http(one.handOver(), one.address, one.listenIndex,
                    found == Protocol.TLS, one.ends);
            case OTHER -> other(one);
        }
    }

    private void other(FirstBytes one) {
        byte[] address = one.address;
        int listenIndex = one.listenIndex;
        int fd = one.handOver();
        if (!taker.other(fd, address, listenIndex, one.ends)) {
            log(one, "what the client speaks is not known here");
            Libc.close(fd);
        }
    }

    /** A header that is not believed is none of a protocol that is spoken here. */
    private void readHeader(FirstBytes one) {
        sink.reset(text, 0, ADDRESS_BYTES_MAX);
        print(one, sink);
        if (one.hasHeader || proxies == null
                || !proxies.trusts(one.listenIndex, text, sink.position())) {
            log(one, "PROXY header refused: sent by an address that is not in set_real_ip_from");
            one.close();
            return;
        }
        int length = proxies.look(one.fdNumber());
        if (length == ProxyFront.FAILED) {
            log(one, "PROXY header refused: " + proxies.failure());
            one.close();
        } else if (length > 0) {
            one.hasHeader = true;
            one.ends = proxies.ends();
            one.skip(proxies.memory(), length);
            look(one);
        }
    }

    static void print(FirstBytes one, ByteSink out) {
        ClientAddress.print(ClientAddress.family(one.address), ClientAddress.high(one.address),
                ClientAddress.low(one.address), out);
    }

    /** The client's address; allocates. */
    String client(FirstBytes one) {
        sink.reset(text, 0, ADDRESS_BYTES_MAX);
        print(one, sink);
        byte[] bytes = new byte[sink.position()];
        text.get(0, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    void log(FirstBytes one, String what) {
        if (ctx.log.enabled(Level.INFO)) {
            ctx.log.log(Level.INFO,
                    what + " while finding out the protocol, client: " + client(one));
        }
    }
}
