package dev.sluice.worker.boot;

import dev.sluice.common.aot.AotFlag;
import dev.sluice.common.clock.SystemClock;
import dev.sluice.common.config.AccessLogConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.control.WorkerOptions;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.log.Level;
import dev.sluice.worker.access.AccessGates;
import dev.sluice.worker.access.SideThread;
import dev.sluice.worker.accesslog.WorkerLogs;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.dispatch.Dispatcher;
import dev.sluice.worker.dispatch.LoggedExchange;
import dev.sluice.worker.downstream.Downstreams;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.listen.Listeners;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.proxy.ProxyHandlers;
import dev.sluice.worker.route.RouteBuilder;
import dev.sluice.worker.route.RouteTable;
import dev.sluice.worker.statics.StaticFiles;
import dev.sluice.worker.upstream.SharedPeers;
import dev.sluice.worker.upstream.Upstreams;
import dev.sluice.worker.variables.LogFormat;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;

/**
 * One worker: builds all parts from the configuration and does what the master says.
 *
 * <pre>
 *  STARTING ──built──► READY ──Serve──► SERVING ──Drain──► DRAINING ──no connection──► ENDED
 *      │                 │                 └──────── Stop, or the master is gone ──────► ▲
 *      └─────────────────┴───────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>Owner: event loop, after the constructor.
 */
final class Worker implements ControlLink.Listener {

    private final WorkerOptions options;
    private final SluiceConfig config;
    private final WorkerLogs logs;
    private final EventLoop loop;
    private final LoopContext ctx;
    private final ControlLink control;
    private final MetricsRelay metrics;
    private final Upstreams upstreams;
    private final Downstreams downstreams;
    private final Listeners listeners;
    private WorkerState state = WorkerState.STARTING;

    /** Called on the loop's thread before its first turn. */
    Worker(WorkerOptions options, SluiceConfig config, CounterWriter counters, WorkerLogs logs,
            EventLoop loop) {
        this.options = options;
        this.config = config;
        this.logs = logs;
        this.loop = loop;
        this.ctx = new LoopContext(loop, new SlabPool(config.http().slabCountMax()), counters,
                logs.errorLog(), options.slot(), options.generation());
        this.control = new ControlLink(ctx, options.controlFd(), options.descriptorFd(), this);
        this.metrics = new MetricsRelay(control::say, Answers::status);
        this.upstreams = Upstreams.build(config, ctx,
                SharedPeers.open(config, options.zones(), options.lane(), ctx.log));
        ExchangePath paths = new ExchangePath(config.http().mergeSlashes());
        RouteTable routes = routes(paths);
        Dispatcher dispatcher = new Dispatcher(config, routes, paths, metrics);
        this.downstreams = new Downstreams(ctx, config.http(),
                config.servers().getFirst().fallback().client(), dispatcher, this::loadChanged);
        this.listeners = new Listeners(ctx, config, downstreams::accepted);
        loop.onTurn(new LoopGauges(ctx, downstreams));
    }

    private RouteTable routes(ExchangePath paths) {
        WorkerScope scope = WorkerScope.ofThisProcess();
        ProxyHandlers proxies = new ProxyHandlers(ctx, upstreams,
                text -> Template.compile(text, scope), Answers::status,
                config.http().maxHeaders());
        StaticFiles files =
                new StaticFiles(ctx, scope, paths, config.http(), config.mimeTypes());
        return new RouteBuilder(config, ctx.counters, scope, paths,
                (location, compiled) -> content(proxies, files, location, compiled),
                new Gates(new AccessGates(config, new SideThread(),
                        SystemClock.INSTANCE)), this::accessLog).build();
    }

    private static ContentHandler content(ProxyHandlers proxies, StaticFiles files,
            LocationConfig location, Location compiled) {
        assert compiled.config == location;
        return location.proxy() != null ? proxies.handlerOf(location) : files.handler(location);
    }

    private ExchangeLog accessLog(AccessLogConfig log, LogFormat format) {
        return new LoggedExchange(logs.accessLog(log.path()), format);
    }

    private void loadChanged(int connections, int activeRequests) {
        listeners.loadChanged(connections, activeRequests);
    }

    /** Takes the descriptors over and says that it is ready. On the loop. */
    void start() {
        for (WorkerOptions.ListenFd listen : options.listens()) {
            listeners.add(listen.key(), listen.fd(), -1);
        }
        control.start();
        MemoryBudget.of(config, logs).log(ctx.log);
        String slow = AotFlag.complaint();
        if (slow != null) {
            ctx.log.log(Level.WARN, slow);
        }
        new NamesFirst(ctx).start(upstreams.names(), this::ready);
    }

    private void ready() {
        if (state != WorkerState.STARTING) {
            return;
        }
        become(WorkerState.READY);
        control.say(new ControlMessage.Ready((int) ProcessHandle.current().pid()));
    }

    private void become(WorkerState next) {
        assert state.mayBecome(next) : state + " to " + next;
        state = next;
    }

    @Override
    public void said(ControlMessage.FromMaster message) {
        switch (message) {
            case ControlMessage.Serve ignored -> serve();
            case ControlMessage.Adopt adopt -> adopt(adopt);
            case ControlMessage.Release release -> listeners.release(release.slot());
            case ControlMessage.Drain drain -> drain(drain);
            case ControlMessage.Stop ignored -> end();
            case ControlMessage.ReopenLogs ignored -> logs.reopen(() -> { });
            case ControlMessage.MetricsResponse response -> metrics.answered(response);
        }
    }

    private void serve() {
        if (state == WorkerState.READY) {
            become(WorkerState.SERVING);
            listeners.serve();
        }
    }

    private void adopt(ControlMessage.Adopt adopt) {
        for (String key : adopt.listenKeys()) {
            int fd = control.takeDescriptor();
            if (fd < 0) {
                ctx.log.log(Level.ERROR, "the listening socket " + key + " of worker "
                        + adopt.slot() + " did not arrive");
                return;
            }
            listeners.add(key, fd, adopt.slot());
        }
    }

    private void drain(ControlMessage.Drain drain) {
        if (state == WorkerState.DRAINING) {
            // The master needs the room: less time than it had said.
            downstreams.drain(drain.timeoutMs(), true, this::drained);
            return;
        }
        if (state == WorkerState.STARTING) {
            drained();
        }
        if (state != WorkerState.READY && state != WorkerState.SERVING) {
            return;
        }
        become(WorkerState.DRAINING);
        listeners.stop(drain.closingKeys());
        upstreams.closeIdle();
        downstreams.drain(drain.timeoutMs(), closesAll(drain), this::drained);
    }

    /** Whether no address has a successor: the server ends. */
    private boolean closesAll(ControlMessage.Drain drain) {
        return config.listenAddresses().stream()
                .allMatch(listen -> drain.closingKeys().contains(listen.key()));
    }

    private void drained() {
        control.say(new ControlMessage.Drained());
        end();
    }

    @Override
    public void masterGone() {
        if (state != WorkerState.ENDED) {
            ctx.log.log(Level.ERROR, "the master is gone, ending");
        }
        end();
    }

    private void end() {
        if (state != WorkerState.ENDED) {
            become(WorkerState.ENDED);
            upstreams.names().stop();
            loop.stop();
        }
    }
}
