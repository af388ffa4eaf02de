package dev.sluice.worker.watch;

import dev.sluice.common.log.Level;
import dev.sluice.common.log.LogLine;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Steps;
import dev.sluice.worker.match.NetworkTable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code debug_connection}: of clients in some networks each step of a request is a line of the
 * error log, whatever its level is. Built only where there are such networks.
 *
 * <p>Owner: event loop.
 */
public final class DebugClients implements Steps {

    private static final int ADDRESS_BYTES_MAX = 128;
    private static final int REQUEST_CHARS_MAX = 1024;

    private final NetworkTable networks;
    private final LogLine line = new LogLine();
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer address = ByteBuffer.allocateDirect(ADDRESS_BYTES_MAX);

    public DebugClients(List<String> networks) {
        this.networks = NetworkTable.of(networks);
    }

    /** The head of a request is complete, and it is known who the client is. */
    public void received(Exchange x) {
        sink.reset(address, 0, ADDRESS_BYTES_MAX);
        x.client.remoteAddress(sink);
        if (networks.find(address, 0, sink.position()) == NetworkTable.NONE) {
            return;
        }
        x.steps = this;
        step(x, "request received", x.client.connectionRequests() == 1 ? "first of its connection"
                : "number " + x.client.connectionRequests() + " of its connection");
    }

    @Override
    public void step(Exchange x, String what, String to) {
        StringBuilder request = new StringBuilder();
        ShownExchange.requestLine(x, request, REQUEST_CHARS_MAX);
        line.start("connection " + x.client.connectionSerial() + ": " + what
                + (to == null ? "" : ", " + to) + ", after "
                + TimeUnit.NANOSECONDS.toMicros(x.durationNs()) + " us")
                .during(x.state.phrase()).client(ShownExchange.client(x))
                .server(x.server == null ? null : x.server.name())
                .location(x.location == null ? null : x.location.label).request(request);
        x.ctx.log.logAlways(Level.DEBUG, line.upstream(x.upstreamAddress).toString());
    }
}
