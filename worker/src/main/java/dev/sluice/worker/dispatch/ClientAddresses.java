package dev.sluice.worker.dispatch;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.match.NetworkTable;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The clients that an {@code allow} list admits. The word {@code unix:} admits clients of unix
 * sockets, {@code all} everybody.
 *
 * <p>Owner: event loop.
 */
final class ClientAddresses {

    private static final int ADDRESS_BYTES_MAX = 128;

    /** Null when everybody is admitted. */
    private final NetworkTable networks;
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer text = ByteBuffer.allocateDirect(ADDRESS_BYTES_MAX);

    /** An empty list admits everybody. */
    ClientAddresses(List<String> networks) {
        boolean any = networks.isEmpty() || networks.contains("all");
        this.networks = any ? null : NetworkTable.of(networks);
    }

    boolean admits(ClientStream stream) {
        if (networks == null) {
            return true;
        }
        sink.reset(text, 0, ADDRESS_BYTES_MAX);
        stream.remoteAddress(sink);
        return networks.find(text, 0, sink.position()) != NetworkTable.NONE;
    }
}
