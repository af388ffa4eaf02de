package dev.sluice.worker.exchange;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.counters.ServerCounters;

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
    }

    public String name() {
        return config.name();
    }
}
