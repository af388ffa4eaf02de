package dev.sluice.worker.boot;

import dev.sluice.common.aot.AotFlag;
import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.config.WorkerImage;
import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.control.WorkerOptions;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.common.flight.FlightFile;
import dev.sluice.common.flight.FlightWriter;
import dev.sluice.common.log.Level;
import dev.sluice.common.log.SystemLog;
import dev.sluice.worker.accesslog.WorkerLogs;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.arena.SlabPool;
import dev.sluice.worker.limit.Limits;
import dev.sluice.worker.linux.OwnOutput;
import dev.sluice.worker.loop.EventLoop;
import dev.sluice.worker.loop.FlightRecorder;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.module.Modules;
import dev.sluice.worker.upstream.SharedPeers;
import java.io.IOException;

/**
 * One worker: builds all parts from the configuration and does what the master says.
 *
 * <pre>
 *            ┌────────────────────┐
 *  STARTING ─┴─built─► WARMING ───┴─► READY ──Serve──► SERVING ──Drain──► DRAINING ──empty──► ENDED
 *      │                  │             │                 └─── Stop, or the master is gone ───► ▲
 *      └──────────────────┴─────────────┴───────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>Owner: event loop, after the constructor.
 */
final class Worker implements ControlLink.Listener {

    private final WorkerOptions options;
    private final WorkerImage image;
    private final SluiceConfig config;
    private final WorkerLogs logs;
    private final EventLoop loop;
    private final LoopContext ctx;
    private final ControlLink control;
    private final MetricsRelay metrics;
    private final DataPath path;
    private WorkerState state = WorkerState.STARTING;
    /** Null before the first. */
    private Questions questions;

    /** Called on the loop's thread before its first turn. */
    Worker(WorkerOptions options, WorkerImage image, HandedFiles handed,
            CounterWriter counters, WorkerLogs logs, EventLoop loop) {
        this.options = options;
        this.image = image;
        this.config = image.config();
        this.logs = logs;
        this.loop = loop;
        this.ctx = new LoopContext(loop, new SlabPool(config.http().slabCountMax()), counters,
                logs.errorLog(), options.slot(), options.generation());
        ctx.flight = flight();
        this.control = new ControlLink(ctx, options.controlFd(), options.descriptorFd(), this);
        this.metrics = new MetricsRelay(ctx, control::say, Answers::status);
        try {
            this.path = new DataPath(config, handed, ctx, logs,
                    SharedPeers.open(config, options.zones(), options.lane(), ctx.log),
                    Limits.Zones.open(config, options.zones(), options.lane()), metrics);
        } catch (Modules.Unusable e) {
            throw told(e);
        }
    }

    private FlightRecorder flight() {
        if (config.main().flightRecords() == 0) {
            return null;
        }
        try {
            return new FlightRecorder(FlightWriter.open(FlightFile.beside(options.counters())),
                    ctx.clock, config.main().flightErrors(), this::burst);
        } catch (IOException e) {
            ctx.log.log(Level.WARN, "no flight recorder: " + e.getMessage());
            return null;
        }
    }

    private void burst(int errors) {
        control.say(new ControlMessage.Burst(errors));
    }

    /** The master's report of a reload is to name the reason. */
    private Modules.Unusable told(Modules.Unusable e) {
        control.say(new ControlMessage.Warning(e.getMessage()));
        return e;
    }

    /** Takes the descriptors over and says that it is ready. On the loop. */
    void start() {
        for (WorkerOptions.ListenFd listen : options.listens()) {
            path.listeners.add(listen.key(), listen.fd(), -1);
        }
        if (path.modules != null) {
            try {
                path.modules.start();
            } catch (Modules.Unusable e) {
                throw told(e);
            }
        }
        control.start();
        MemoryBudget.of(config, logs).log(ctx.log);
        String slow = AotFlag.complaint();
        if (slow != null) {
            ctx.log.log(Level.WARN, slow);
        }
        new NamesFirst(ctx).start(path.upstreams.names(), this::namesAsked);
    }

    private void namesAsked() {
        if (state != WorkerState.STARTING) {
            return;
        }
        // Requests are what is warmed up; who serves streams alone has none.
        if (options.warmupMs() == 0 || config.servers().isEmpty()) {
            ready();
        } else {
            become(WorkerState.WARMING);
            warmUp();
        }
    }

    private void warmUp() {
        try {
            new WarmUp(ctx, image, options.warmupMs(), this::ready)
                    .start(CounterWriter.openUnseen(options.counters()));
        } catch (IOException e) {
            ctx.log.log(Level.WARN, "no warm-up: " + e.getMessage());
            ready();
        }
    }

    private void ready() {
        if (state != WorkerState.ENDED) {
            loop.onTurn(path.gauges);
            become(WorkerState.READY);
            path.upstreams.checks().start();
            control.say(new ControlMessage.Ready((int) ProcessHandle.current().pid()));
        }
    }

    private void become(WorkerState next) {
        assert state.mayBecome(next) : state + " to " + next;
        state = next;
    }

    @Override
    public void said(ControlMessage.FromMaster message) {
        // Not a switch over types, which is linked at run time: 10 ms of every start.
        if (message instanceof ControlMessage.Serve) {
            serve();
        } else if (message instanceof ControlMessage.Adopt adopt) {
            adopt(adopt);
        } else if (message instanceof ControlMessage.Release release) {
            path.listeners.release(release.slot());
        } else if (message instanceof ControlMessage.Drain drain) {
            drain(drain);
        } else if (message instanceof ControlMessage.Stop) {
            end();
        } else if (message instanceof ControlMessage.ReopenLogs) {
            logs.reopen(this::moveOutput);
        } else if (message instanceof ControlMessage.MetricsResponse response) {
            metrics.answered(response);
        } else if (message instanceof ControlMessage.Renew renew) {
            renew(renew);
        } else if (message instanceof ControlMessage.Question question) {
            questions().asked(question);
        } else if (message instanceof ControlMessage.Forget forget) {
            questions().forget(forget);
        } else {
            throw new AssertionError(message);
        }
    }

    private Questions questions() {
        if (questions == null) {
            questions = new Questions(ctx, path, control);
        }
        return questions;
    }

    private void renew(ControlMessage.Renew renew) {
        try {
            path.renew(HandedFiles.of(renew.files()));
        } catch (IOException e) {
            ctx.log.log(Level.ERROR, "certificates that changed have not arrived: " + e);
        }
    }

    /** Runs on the log writer thread, which may wait for the linking of the system call. */
    private void moveOutput() {
        String path = config.main().errorLog().path();
        if (!SystemLog.isFile(path)) {
            return;
        }
        int result = OwnOutput.moveTo(path);
        if (result < 0) {
            ctx.log.log(Level.WARN, "what the JVM itself prints goes to the old file: \"" + path
                    + "\" cannot be opened (error " + -result + "); restart to mend it");
        }
    }

    private void serve() {
        if (state == WorkerState.READY) {
            become(WorkerState.SERVING);
            path.listeners.serve();
            if (path.caches != null) {
                path.caches.start();
            }
            // The first of all workers asks for all.
            if (path.tls != null && options.slot() == 0) {
                path.tls.ask(control::say);
            }
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
            path.listeners.add(key, fd, adopt.slot());
        }
    }

    private void drain(ControlMessage.Drain drain) {
        if (state == WorkerState.DRAINING) {
            // The master needs the room: less time than it had said.
            path.drain(drain.timeoutMs(), true, this::drained);
            return;
        }
        if (state == WorkerState.STARTING || state == WorkerState.WARMING) {
            drained();
        }
        if (state != WorkerState.READY && state != WorkerState.SERVING) {
            return;
        }
        become(WorkerState.DRAINING);
        if (path.tls != null) {
            path.tls.askNobody();
        }
        path.listeners.stop(drain.closingKeys());
        path.upstreams.checks().stop();
        path.upstreams.closeIdle();
        if (path.modules != null) {
            path.modules.drain();
        }
        path.drain(drain.timeoutMs(), closesAll(drain), this::drained);
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
            path.upstreams.checks().stop();
            path.upstreams.names().stop();
            if (path.modules != null) {
                path.modules.close();
            }
            loop.stop();
        }
    }
}
