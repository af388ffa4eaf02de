package dev.sluice.worker.watch;

import dev.sluice.common.log.Level;
import dev.sluice.common.log.LogLine;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Steps;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.match.NetworkTable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code debug_connection}: of clients in some networks each step of a connection, a session and a
 * request is a line of the error log, whatever its level is. Built only where there are such
 * networks.
 *
 * <p>Owner: event loop.
 */
public final class DebugClients implements Steps {

    private static final int ADDRESS_BYTES_MAX = 128;

    private final NetworkTable networks;
    private final LogLine line = new LogLine();
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer address = ByteBuffer.allocateDirect(ADDRESS_BYTES_MAX);

    public DebugClients(List<String> networks) {
        this.networks = NetworkTable.of(networks);
    }

    /** The head of a request is complete, and it is known who the client is. */
    public void received(Exchange x) {
        if (watches(x)) {
            x.steps = this;
            step(x, "request received", x.client.connectionRequests() == 1
                    ? "first of its connection"
                    : "number " + x.client.connectionRequests() + " of its connection");
        }
    }

    /** A session of a stream begins. */
    public void begins(Exchange x, String stream) {
        if (watches(x)) {
            x.steps = this;
            step(x, "session begins", "stream " + stream);
        }
    }

    private boolean watches(Exchange x) {
        x.client.remoteAddress(addressSink());
        return isWatched();
    }

    /** A sink for the text of an address, for {@link #isWatched}. */
    public ByteSink addressSink() {
        return sink.reset(address, 0, ADDRESS_BYTES_MAX);
    }

    /** Whether the address that was written into {@link #addressSink} is that of such a client. */
    public boolean isWatched() {
        return networks.find(address, 0, sink.position()) != NetworkTable.NONE;
    }

    /**
     * What has become of a connection, of which no request need be there.
     *
     * @param sinceNs when it was accepted
     * @param client its address and port
     */
    public void step(LoopContext ctx, long serial, long sinceNs, String what, String phrase,
            String client) {
        line.start("connection " + serial + ": " + what + ", after "
                + TimeUnit.NANOSECONDS.toMicros(ctx.clock.nowNs() - sinceNs) + " us")
                .during(phrase).client(client);
        ctx.log.logAlways(Level.DEBUG, line.toString());
    }

    @Override
    public void step(Exchange x, String what, String to) {
        line.start("connection " + x.client.connectionSerial() + ": " + what
                + (to == null ? "" : ", " + to) + ", after "
                + TimeUnit.NANOSECONDS.toMicros(x.durationNs()) + " us")
                .during(x.state.phrase()).client(ShownExchange.client(x))
                .server(x.server == null ? null : x.server.name())
                .location(x.location == null ? null : x.location.label)
                .request(ShownExchange.asked(x));
        x.ctx.log.logAlways(Level.DEBUG, line.upstream(x.upstreamAddress).toString());
    }
}
