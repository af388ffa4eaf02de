package dev.sluice.worker.tls;

import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.ServerTlsConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.TlsLimits;
import dev.sluice.common.config.TlsProfile;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.log.Level;
import dev.sluice.worker.exchange.TlsFacts;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.RawSocket;
import dev.sluice.worker.loop.SideThread;
import dev.sluice.worker.tls.sep.SepServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * TLS of all servers towards their clients: which addresses have it, which server answers a hello,
 * and how many handshakes run.
 *
 * <p>Owner: event loop.
 */
public final class TlsFront {

    final TlsBuffers buffers;
    final ClientHello hello;
    private final ServerChoice choice;
    /** By place of the server; null where it has none, or refuses every handshake. */
    private final TlsProvider[] servers;
    /** By place of the listening address. */
    private final boolean[] secure;
    private final TlsLimits limits;
    private final LoopContext ctx;
    private final TicketKeys tickets;
    private final Map<ServerTlsConfig, TlsProvider> byConfig = new HashMap<>();
    private final boolean dynamicRecords;
    /** For handshakes of IEEE 2030.5; null where no server speaks it. */
    private SideThread side;
    /** Null where no server staples. */
    private Stapling stapling;
    private int handshakeCount;
    /** Has a say in clients that have shown a certificate; null when nobody has. */
    private UnaryOperator<TlsFacts> judge;

    /**
     * @param handed certificates and keys
     * @throws IllegalArgumentException a file cannot be read or used, with its name and the reason
     */
    private TlsFront(SluiceConfig config, HandedFiles handed, LoopContext ctx,
            ServerChoice choice, ServerTlsConfig first) {
        this.buffers = new TlsBuffers(ctx.slabs);
        this.choice = choice;
        this.limits = first.limits();
        this.dynamicRecords = config.http().dynamicRecords();
        this.ctx = ctx;
        this.tickets = new TicketKeys(first.tickets(), handed, ctx);
        this.hello = new ClientHello(limits.helloBytesMax());
        List<ServerTlsConfig> all = config.clientTls();
        TlsFiles files = new TlsFiles(handed);
        this.servers = new TlsProvider[all.size()];
        for (int i = 0; i < servers.length; i++) {
            ServerTlsConfig tls = all.get(i);
            servers[i] = tls == null || tls.rejectHandshake() ? null
                    : byConfig.computeIfAbsent(tls,
                            c -> newServer(c, files, config.main().warmupMs() > 0));
        }
        List<ListenConfig> listens = config.listenAddresses();
        this.secure = new boolean[listens.size()];
        for (int i = 0; i < secure.length; i++) {
            secure[i] = listens.get(i).ssl();
        }
    }

    private TlsProvider newServer(ServerTlsConfig config, TlsFiles files, boolean rehearse) {
        if (config.profile() != TlsProfile.DEFAULT) {
            if (side == null) {
                side = new SideThread(limits.handshakesMax());
            }
            return new SepServer(config, files, rehearse, ctx.loop, side);
        }
        if (config.stapling() != null && stapling == null) {
            stapling = new Stapling(ctx, this::renew);
        }
        TlsServer server = new TlsServer(config, files, ctx.clock, stapling);
        if (config.stapling() != null) {
            stapling.keep(config, files.handed());
        }
        if (config.tickets().on()) {
            tickets.add(server);
        }
        return server;
    }

    /** @param by makes a refusal of it, or null when the connection is to be closed */
    public void judgeClients(UnaryOperator<TlsFacts> by) {
        judge = by;
    }

    /** Null when the connection is to be closed. */
    TlsFacts judged(TlsFacts facts) {
        return judge == null ? facts : judge.apply(facts);
    }

    /** Null when no server or stream speaks TLS. On the loop. */
    public static TlsFront of(SluiceConfig config, HandedFiles handed, LoopContext ctx,
            ServerChoice choice) {
        for (ServerTlsConfig tls : config.clientTls()) {
            if (tls != null) {
                return new TlsFront(config, handed, ctx, choice, tls);
            }
        }
        return null;
    }

    /**
     * Files have changed: all of one server or of some. Handshakes from now on use them; what
     * they have begun goes on, and so do the sessions of before.
     */
    public void renew(HandedFiles handed) {
        TlsFiles files = new TlsFiles(handed);
        tickets.renew(handed);
        for (Map.Entry<ServerTlsConfig, TlsProvider> one : byConfig.entrySet()) {
            if (handed.hasAll(one.getKey().files())) {
                try {
                    replace(one.getValue(), newServer(one.getKey(), files, false), one);
                } catch (IllegalArgumentException e) {
                    ctx.log.log(Level.ERROR,
                            e.getMessage() + "; what was there before stays in use");
                }
            }
        }
    }

    /** This worker, of all, asks authorities about certificates. @param sink takes answers */
    public void ask(Consumer<ControlMessage.FromWorker> sink) {
        if (stapling != null) {
            stapling.ask(sink);
        }
    }

    /** It does so no more. */
    public void askNobody() {
        if (stapling != null) {
            stapling.stop();
        }
    }

    private void replace(TlsProvider old, TlsProvider next,
            Map.Entry<ServerTlsConfig, TlsProvider> entry) {
        entry.setValue(next);
        for (int i = 0; i < servers.length; i++) {
            if (servers[i] == old) {
                servers[i] = next;
            }
        }
        tickets.remove(old);
        old.retire();
    }

    public boolean isSecure(int listenIndex) {
        return secure[listenIndex];
    }

    public long handshakeTimeoutMs() {
        return limits.handshakeTimeoutMs();
    }

    /**
     * Begins the server's side of a connection.
     *
     * @param wake run on the loop when it can go on without the socket's help, until it is released
     */
    public TlsOpening open(int listenIndex, RawSocket socket, Runnable wake) {
        return new TlsOpening(this, listenIndex, socket, wake);
    }

    int serverFor(int listenIndex, String name) {
        return choice.serverFor(listenIndex, name);
    }

    /** For a connection; null for records as large as can be. */
    RecordSizes recordSizes() {
        return dynamicRecords ? new RecordSizes(ctx.clock) : null;
    }

    /** Null when the server refuses handshakes. */
    TlsProvider server(int index) {
        return servers[index];
    }

    /** @return false when there are too many */
    boolean handshakeBegins() {
        if (handshakeCount >= limits.handshakesMax()) {
            return false;
        }
        handshakeCount++;
        return true;
    }

    void handshakeEnds() {
        handshakeCount--;
        assert handshakeCount >= 0;
    }
}
