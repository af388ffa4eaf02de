package dev.sluice.worker.boot;

import dev.sluice.common.config.AccessLogConfig;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.StreamConfig;
import dev.sluice.common.config.UpstreamConfig;
import dev.sluice.worker.access.AccessGates;
import dev.sluice.worker.accesslog.WorkerLogs;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.cache.Caches;
import dev.sluice.worker.coding.Codings;
import dev.sluice.worker.detect.Detector;
import dev.sluice.worker.dispatch.ChosenExchanges;
import dev.sluice.worker.dispatch.Dispatcher;
import dev.sluice.worker.dispatch.LoggedExchange;
import dev.sluice.worker.downstream.Downstreams;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.limit.Limits;
import dev.sluice.worker.linux.Libc;
import dev.sluice.worker.listen.Listeners;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.SideThread;
import dev.sluice.worker.module.ConnectionHooks;
import dev.sluice.worker.module.Modules;
import dev.sluice.worker.proxy.ProxyHandlers;
import dev.sluice.worker.proxyprotocol.ProxyFront;
import dev.sluice.worker.route.RouteBuilder;
import dev.sluice.worker.route.RouteTable;
import dev.sluice.worker.statics.StaticFiles;
import dev.sluice.worker.stream.Streams;
import dev.sluice.worker.tls.ServerChoice;
import dev.sluice.worker.tls.TlsFront;
import dev.sluice.worker.upstream.SharedPeers;
import dev.sluice.worker.upstream.Upstreams;
import dev.sluice.worker.variables.LogFormat;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts that a request meets, from the listener to the peer. Built once for the clients and
 * before that once for the {@link WarmUp}: by the same code, so that a compiler that has seen the
 * one finds the same classes in the other.
 *
 * <p>Written at boot, then read-only; the parts belong to the event loop.
 */
final class DataPath {

    final LoopContext ctx;
    final Upstreams upstreams;
    final Downstreams downstreams;
    final Listeners listeners;
    final LoopGauges gauges;
    /** Null when there are none: nothing of them is loaded then. */
    final Modules modules;
    /** Null when there are none: nothing of them is loaded then. */
    final Caches caches;
    /** Null when nobody speaks TLS. */
    final TlsFront tls;
    /** Null when there are none: nothing of them is loaded then. */
    final Streams streams;
    /** Null when each address has one protocol. */
    final Detector detector;
    private boolean drained;

    /**
     * Opens no socket but looks at the directories to serve.
     *
     * @param handed content of files that the worker may not read itself
     * @param peers state of peers, as all workers know it
     * @param limits state of limits, the same for all workers
     * @param metrics answers {@code /metrics}
     */
    DataPath(SluiceConfig config, HandedFiles handed, LoopContext ctx, WorkerLogs logs,
            SharedPeers peers, Limits.Zones limits, ContentHandler metrics) {
        this.ctx = ctx;
        this.upstreams = Upstreams.build(config, handed, ctx, peers);
        ExchangePath paths = new ExchangePath(config.http().mergeSlashes());
        WorkerScope scope = WorkerScope.ofThisProcess();
        this.modules = config.modules().isEmpty() ? null
                : new Modules(config, ctx, scope, paths);
        RouteBuilder.defineVariables(config, scope);
        if (modules != null) {
            modules.open();
            balanceByModules(config);
        }
        this.caches = config.caches().isEmpty() ? null
                : new Caches(config, ctx, text -> Template.compile(text, scope));
        RouteTable routes = routes(config, scope, paths, logs, limits);
        Dispatcher dispatcher = new Dispatcher(config, routes, paths, metrics);
        this.tls = TlsFront.of(config, handed, ctx, config.streams().isEmpty()
                ? routes::serverFor : streamsToo(config, routes::serverFor));
        ProxyFront proxied = ProxyFront.of(config);
        boolean[] free = FreeAddresses.of(config);
        this.downstreams = new Downstreams(ctx, config.http(),
                config.servers().isEmpty() ? null
                        : config.servers().getFirst().fallback().client(), tls, proxied,
                http2InClear(config, routes), free, dispatcher, this::loadChanged);
        downstreams.watch(dispatcher.debugClients());
        this.streams = Streams.of(config, ctx, upstreams, tls, proxied,
                text -> Template.compile(text, scope),
                stream -> sessionLogs(config, stream, logs, scope), this::loadChanged);
        this.detector = Detector.of(config, ctx, proxied, new ByProtocol(downstreams, streams));
        this.listeners = new Listeners(ctx, config, free, acceptor(config));
        if (streams != null) {
            streams.watch(dispatcher.debugClients());
            listeners.datagramsTo(streams::receive);
        }
        this.gauges = new LoopGauges(ctx, downstreams);
    }

    private void balanceByModules(SluiceConfig config) {
        for (UpstreamConfig one : config.upstreams()) {
            String balancer = one.balance().balancer();
            if (balancer != null) {
                upstreams.upstream(one.name())
                        .balanceBy(() -> modules.balancer(balancer, one.name()));
            }
        }
    }

    /** Null when no server speaks HTTP/2: nothing of it is loaded then. */
    private static boolean[] http2InClear(SluiceConfig config, RouteTable routes) {
        boolean any = false;
        for (ServerConfig server : config.servers()) {
            any |= server.http2();
        }
        if (!any) {
            return null;
        }
        List<ListenConfig> listens = config.listenAddresses();
        boolean[] inClear = new boolean[listens.size()];
        for (int i = 0; i < inClear.length; i++) {
            inClear[i] = (!listens.get(i).ssl() || listens.get(i).auto())
                    && routes.hasServer(i) && routes.defaultServer(i).config.http2();
        }
        return inClear;
    }

    private RouteTable routes(SluiceConfig config, WorkerScope scope, ExchangePath paths,
            WorkerLogs logs, Limits.Zones limits) {
        ProxyHandlers proxies = new ProxyHandlers(config, ctx, upstreams,
                text -> Template.compile(text, scope), Answers::status);
        StaticFiles files =
                new StaticFiles(ctx, scope, paths, config.http(), config.mimeTypes());
        return new RouteBuilder(config, ctx.counters, scope, paths,
                new Contents(config, ctx, upstreams, proxies, files, caches),
                new Gates(Limits.of(config, limits, ctx, scope),
                        new AccessGates(config, scope, paths), modules,
                        () -> codings(config, scope)),
                (log, format) -> accessLog(logs, log, format, scope)).build();
    }

    private Codings codings(SluiceConfig config, WorkerScope scope) {
        int activeMax = config.http().codingsMax();
        return new Codings(ctx, new SideThread(activeMax), activeMax, config.http().codedBytes(),
                text -> Template.compile(text, scope));
    }

    private static ExchangeLog accessLog(WorkerLogs logs, AccessLogConfig log, LogFormat format,
            WorkerScope scope) {
        ExchangeLog all = new LoggedExchange(logs.accessLog(log.path()), format);
        return log.only() == null ? all : new ChosenExchanges(all, log.only(), scope);
    }

    /** Whoever has all its certificates and keys among these uses them from now on. */
    void renew(HandedFiles handed) {
        if (tls != null) {
            tls.renew(handed);
        }
        upstreams.renew(handed);
    }

    private static List<ExchangeLog> sessionLogs(SluiceConfig config, StreamConfig stream,
            WorkerLogs logs, WorkerScope scope) {
        List<ExchangeLog> all = new ArrayList<>();
        for (AccessLogConfig log : stream.accessLogs()) {
            all.add(accessLog(logs, log,
                    LogFormat.compile(config.logFormat(log.format()), scope), scope));
        }
        return all;
    }

    /** Modules are asked first, where one wants to be. */
    private Listeners.Acceptor acceptor(SluiceConfig config) {
        Listeners.Acceptor plain =
                streams == null && detector == null ? downstreams::accepted : this::accepted;
        ConnectionHooks hooks = modules == null ? null : modules.connectionHooks(config);
        if (hooks == null) {
            return plain;
        }
        if (tls != null) {
            tls.judgeClients(hooks::judge);
        }
        return (fd, address, listenIndex) -> {
            if (hooks.admit(address, listenIndex)) {
                plain.accepted(fd, address, listenIndex);
            } else {
                Libc.close(fd);
            }
        };
    }

    private void accepted(int fd, byte[] address, int listenIndex) {
        if (detector != null && detector.owns(listenIndex)) {
            detector.accepted(fd, address, listenIndex);
        } else if (streams != null && streams.owns(listenIndex)) {
            streams.accepted(fd, address, listenIndex);
        } else {
            downstreams.accepted(fd, address, listenIndex);
        }
    }

    private void loadChanged(int connections, int activeRequests) {
        listeners.loadChanged(streams == null ? connections : connections + streams.openCount(),
                activeRequests);
    }

    private void loadChanged() {
        loadChanged(downstreams.openCount(), downstreams.load());
    }

    /**
     * Ends all connections in an orderly way: see {@link Downstreams#drain}. Sessions of streams
     * have the whole time.
     */
    void drain(long timeoutMs, boolean soon, Runnable done) {
        if (detector != null) {
            detector.stop();
        }
        if (streams == null) {
            downstreams.drain(timeoutMs, soon, done);
        } else {
            Runnable both = () -> {
                if (!drained && downstreams.openCount() == 0 && streams.openCount() == 0) {
                    drained = true;
                    done.run();
                }
            };
            downstreams.drain(timeoutMs, soon, both);
            streams.drain(timeoutMs, both);
        }
    }

    /** A stream's address has no other server; where a server is, too, that answers for TLS. */
    private static ServerChoice streamsToo(SluiceConfig config, ServerChoice servers) {
        List<ListenConfig> listens = config.listenAddresses();
        int[] streams = new int[listens.size()];
        for (int i = 0; i < streams.length; i++) {
            streams[i] = listens.get(i).auto() ? -1 : config.streamAt(listens.get(i));
        }
        int first = config.servers().size();
        return (listenIndex, name) -> streams[listenIndex] < 0
                ? servers.serverFor(listenIndex, name) : first + streams[listenIndex];
    }
}
