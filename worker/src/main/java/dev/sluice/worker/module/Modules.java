package dev.sluice.worker.module;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ModuleConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.counters.ModuleTotals;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.common.module.ModuleTrouble;
import dev.sluice.common.module.OpenModule;
import dev.sluice.common.module.OpeningContext;
import dev.sluice.module.ConnectHook;
import dev.sluice.module.FileReader;
import dev.sluice.module.ModuleCounter;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleLog;
import dev.sluice.module.PeerChooser;
import dev.sluice.module.Slot;
import dev.sluice.module.Text;
import dev.sluice.module.TimerHook;
import dev.sluice.module.TlsPeerHook;
import dev.sluice.module.VariableFamilyHook;
import dev.sluice.module.VariableHook;
import dev.sluice.module.Watched;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.balance.Balancer;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.StallWatch;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The modules of a worker, from opening to closing.
 *
 * <p>Owner: event loop.
 */
public final class Modules {

    /**
     * A module with which this worker cannot serve, in one line for the operator. Where in the
     * configuration that is, the check tells: a worker knows a copy of it only.
     */
    public static final class Unusable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unusable(ModuleTrouble cause) {
            super(cause.getMessage() + (cause.help() == null ? "" : ", " + cause.help())
                    + "; sluice -t tells where", cause);
        }
    }

    /** A module and what is shared by its hooks. Owner: event loop. */
    private static final class Installed {
        private final ModuleConfig config;
        private final Guard guard;
        private final BlockingGate.Running running = new BlockingGate.Running();
        private final Map<String, HookPlace> places = new HashMap<>();
        private final Map<String, ModuleVariable> variables = new HashMap<>();
        private final Map<String, VariableFamily> families = new HashMap<>();
        private final Map<String, PeerChooser> balancers = new HashMap<>();
        private ConnectHook onConnect;
        private TlsPeerHook onTlsPeer;
        private OpenModule module;

        Installed(ModuleConfig config, Guard guard) {
            this.config = config;
            this.guard = guard;
        }
    }

    private final LoopContext ctx;
    private final WorkerScope scope;
    private final Views views = new Views();
    private final BodyMemory memory = new BodyMemory();
    private final List<Installed> installed = new ArrayList<>();
    private final Set<LocationConfig> ofServers =
            Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<LocationConfig, RouteHooks> byLocation = new IdentityHashMap<>();
    private final StallWatch watch;
    private final HookCalls calls;
    private final Chores chores;

    /**
     * Makes their variables known, and opens none of them yet. On the thread of the loop, before
     * the first text with variables is compiled.
     */
    public Modules(SluiceConfig config, LoopContext ctx, WorkerScope scope, ExchangePath paths) {
        this(config, ctx, scope, paths, ctx.loop::execute);
    }

    /** @param loop has the loop do something; for tests that turn it themselves */
    Modules(SluiceConfig config, LoopContext ctx, WorkerScope scope, ExchangePath paths,
            Executor loop) {
        this.ctx = ctx;
        this.scope = scope;
        this.watch = new StallWatch(ctx);
        this.calls = new HookCalls(views, new Verdicts(paths), watch, loop);
        this.chores = new Chores(ctx, calls);
        for (ServerConfig server : config.servers()) {
            ofServers.add(server.fallback());
        }
        for (ModuleConfig module : config.modules()) {
            Installed one = new Installed(module, new Guard(ctx, module));
            for (String name : module.jar().variables()) {
                define(one, name);
            }
            installed.add(one);
        }
    }

    private void define(Installed one, String name) {
        HookPlace place = place(one, "variable");
        if (name.endsWith("*")) {
            VariableFamily family =
                    new VariableFamily(() -> new ModuleVariable(calls, one.guard, place));
            one.families.put(name, family);
            scope.defineFamily(name, family::of);
        } else {
            ModuleVariable variable = new ModuleVariable(calls, one.guard, place);
            one.variables.put(name, variable);
            scope.define(name, variable);
        }
    }

    private HookPlace place(Installed one, String phase) {
        return one.places.computeIfAbsent(phase,
                word -> new HookPlace(ctx, one.config.jar().name(), word));
    }

    /**
     * Opens them, when all variables are known. On the thread of the loop.
     *
     * @throws Unusable one of them cannot be opened
     */
    public void open() {
        for (int i = 0; i < installed.size(); i++) {
            Installed one = installed.get(i);
            String name = one.config.jar().name();
            ModuleLog log = new Lines("module " + name + ": ", ctx.log);
            one.module = open(one.config, i,
                    new OpeningContext(one.config, false, log, new Host(one, log)));
        }
    }

    /** What this worker has for a module that is opened. */
    private final class Host implements OpeningContext.Host {
        private final Installed one;
        private final ModuleLog log;

        Host(Installed one, ModuleLog log) {
            this.one = one;
            this.log = log;
        }

        @Override
        public Slot<?> slot() {
            return new SlotPlace<>(views.newSlot());
        }

        @Override
        public Text text(String template) throws ModuleException {
            return compile(template, scope);
        }

        @Override
        public void variable(String name, VariableHook hook) {
            one.variables.get(name).give(hook);
        }

        @Override
        public void variables(String family, VariableFamilyHook hook) {
            one.families.get(family).give(hook);
        }

        @Override
        public void onConnect(ConnectHook hook) {
            one.onConnect = hook;
        }

        @Override
        public void onTlsPeer(TlsPeerHook hook) {
            one.onTlsPeer = hook;
        }

        @Override
        public void balancer(String name, PeerChooser chooser) {
            one.balancers.put(name, chooser);
        }

        @Override
        public ModuleCounter counter(String name) {
            int at = ctx.counters.namedAt(
                    ModuleTotals.OWN + "/" + one.config.jar().name() + "/" + name);
            return count -> {
                if (Thread.currentThread() != views.loop || count < 0) {
                    throw new IllegalStateException("a counter is of the event loop, and grows");
                }
                ctx.counters.addNamed(at, count);
            };
        }

        @Override
        public void every(Duration period, TimerHook hook) {
            chores.every(period, hook, one.guard, place(one, "timer"));
        }

        @Override
        public <T> Watched<T> watch(Path file, FileReader<T> reader) {
            return chores.watch(file, reader, log);
        }
    }

    private static OpenModule open(ModuleConfig module, int index, OpeningContext context) {
        try {
            return OpenModule.open(module, index, context);
        } catch (ModuleTrouble e) {
            throw new Unusable(e);
        }
    }

    private static Text compile(String template, WorkerScope scope) throws ModuleException {
        try {
            return new CompiledText(Template.compile(template, scope));
        } catch (IllegalArgumentException e) {
            throw new ModuleException(e.getMessage());
        }
    }

    /** What is asked about connections; null when nobody wants to be. */
    public ConnectionHooks connectionHooks(SluiceConfig config) {
        ConnectionHooks all = new ConnectionHooks(calls, config.listenAddresses());
        for (Installed one : installed) {
            if (one.onConnect != null) {
                all.onConnect(one.onConnect, one.guard, place(one, "connect"));
            }
            if (one.onTlsPeer != null) {
                all.onTlsPeer(one.onTlsPeer, one.guard, place(one, "tls_peer"));
            }
        }
        return all.isEmpty() ? null : all;
    }

    /** What chooses peers by this name, for one group of them; null when nobody brings it. */
    public Balancer balancer(String name, String upstream) {
        for (Installed one : installed) {
            PeerChooser chooser = one.balancers.get(name);
            if (chooser != null) {
                return new ModuleBalancer(calls, one.guard, place(one, "balancer"), chooser,
                        upstream);
            }
        }
        return null;
    }

    /**
     * What the modules do in a location, asked of them once.
     *
     * @throws Unusable one of them cannot be installed there
     */
    public RouteHooks of(LocationConfig location) {
        return byLocation.computeIfAbsent(location, this::install);
    }

    private RouteHooks install(LocationConfig location) {
        RouteHooks hooks = new RouteHooks(calls, memory);
        boolean ofServer = ofServers.contains(location);
        for (Installed one : installed) {
            try {
                one.module.install(location, ofServer, new Registration(ofServer, calls,
                        one.guard, one.running, memory, hooks, phase -> place(one, phase)));
            } catch (ModuleTrouble e) {
                throw new Unusable(e);
            }
        }
        return hooks;
    }

    /** @throws Unusable one of them does not start */
    public void start() {
        for (Installed one : installed) {
            try {
                one.module.start();
            } catch (ModuleTrouble e) {
                throw new Unusable(e);
            }
        }
        chores.start();
        watch.start();
    }

    /** No new connection comes. */
    public void drain() {
        for (Installed one : installed) {
            attempt(one.module::drain);
        }
    }

    /** No hook is called any more. */
    public void close() {
        watch.end();
        chores.end();
        for (Installed one : installed) {
            attempt(one.module::close);
        }
    }

    /** A step that may fail without keeping the worker from going on. */
    private interface Step {
        void run() throws ModuleTrouble;
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (ModuleTrouble e) {
            ctx.log.log(Level.ERROR, e.getMessage());
        }
    }

    private record Lines(String start, ErrorLog log) implements ModuleLog {

        @Override
        public void info(String line) {
            log.log(Level.INFO, start + line);
        }

        @Override
        public void warn(String line) {
            log.log(Level.WARN, start + line);
        }

        @Override
        public void error(String line) {
            log.log(Level.ERROR, start + line);
        }
    }
}
