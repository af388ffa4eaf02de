package dev.sluice.worker.exchange;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.ServerNameConfig;
import dev.sluice.common.counters.ServerCounters;
import dev.sluice.worker.arena.ByteSink;
import java.nio.ByteBuffer;

/**
 * A {@code [server]} with its locations found by the router.
 *
 * <p>Written at boot, then read-only; the counters belong to the event loop.
 */
public final class Server {

    public final ServerConfig config;
    /** Its place in {@code SluiceConfig.servers()}. */
    public final int index;
    /** Written at boot. */
    public Rewriter rewriter;
    /** Settings that apply where no location does. */
    public final Location fallback;
    public final ServerCounters counters;
    /** What a request must pass before its location is looked for; set at boot. */
    public Gate[] gates = Gate.NONE;
    /** Null where no proxy is trusted, so that the client is the one that is connected. */
    public final ClientFinder clients;
    /** Whether clients are asked for a certificate. */
    public final boolean asksForCertificate;
    /** Whether one of its locations opens tunnels. */
    public final boolean tunnels;
    /** Null where requests bring no number of their own. */
    public final RequestIdField requestIds;
    /** The first name that is one host; null where there is none. */
    private final String host;

    public Server(ServerConfig config, int index, Rewriter rewriter, Location fallback,
            ServerCounters counters, ClientFinder clients) {
        this.config = config;
        this.index = index;
        this.rewriter = rewriter;
        this.fallback = fallback;
        this.counters = counters;
        this.clients = clients;
        this.asksForCertificate = config.tls() != null && config.tls().clients() != null;
        boolean any = false;
        for (LocationConfig location : config.locations()) {
            any |= location.connect() != null;
        }
        this.tunnels = any;
        this.requestIds = RequestIdField.of(config.claims());
        this.host = config.names().stream()
                .filter(n -> n.kind() == ServerNameConfig.Kind.EXACT && !n.text().isEmpty())
                .map(ServerNameConfig::text).findFirst().orElse(null);
    }

    public String name() {
        return config.name();
    }

    /**
     * The host of a request that names none: the first name of its server that is no pattern, else
     * the address that the client is connected to, as it stands in URLs.
     */
    public static void host(Exchange x, ByteSink out) {
        if (x.server != null && x.server.host != null) {
            out.putAscii(x.server.host);
            return;
        }
        int from = out.position();
        x.client.localAddress(out);
        int end = out.position();
        ByteBuffer b = out.buffer();
        if (end == from || b.get(from) == 'u') {
            // Of a unix socket there is none; clients of such sockets say localhost.
            out.position(from);
            out.putAscii("localhost");
            return;
        }
        for (int i = from; i < end; i++) {
            if (b.get(i) == ':') {
                bracket(out, from, end);
                return;
            }
        }
    }

    private static void bracket(ByteSink out, int from, int end) {
        ByteBuffer b = out.buffer();
        out.put((byte) ']').put((byte) ']');
        if (!out.overflowed()) {
            for (int i = end; i > from; i--) {
                b.put(i, b.get(i - 1));
            }
            b.put(from, (byte) '[');
        }
    }
}
