package dev.sluice.worker.module;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ModuleConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.common.module.ModuleTrouble;
import dev.sluice.common.module.OpenModule;
import dev.sluice.common.module.OpeningContext;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleLog;
import dev.sluice.module.Text;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.loop.LoopContext;
import dev.sluice.worker.loop.StallWatch;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
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

    /** An opened module and what is shared by its hooks. */
    private record Installed(OpenModule module, Guard guard, BlockingGate.Running running) {}

    private final LoopContext ctx;
    private final List<Installed> installed = new ArrayList<>();
    private final Map<LocationConfig, RouteHooks> byLocation = new IdentityHashMap<>();
    private final StallWatch watch;
    private final HookCalls calls;

    /**
     * Opens them. On the thread of the loop.
     *
     * @throws Unusable one of them cannot be opened
     */
    public Modules(SluiceConfig config, LoopContext ctx, WorkerScope scope, ExchangePath paths) {
        this(config, ctx, scope, paths, ctx.loop::execute);
    }

    /** @param loop has the loop do something; for tests that turn it themselves */
    Modules(SluiceConfig config, LoopContext ctx, WorkerScope scope, ExchangePath paths,
            Executor loop) {
        this.ctx = ctx;
        ExchangeView view = new ExchangeView(scope);
        this.watch = new StallWatch(ctx);
        this.calls = new HookCalls(view, new Verdicts(paths), watch, loop);
        List<ModuleConfig> modules = config.modules();
        for (int i = 0; i < modules.size(); i++) {
            ModuleConfig module = modules.get(i);
            OpeningContext context = new OpeningContext(module, false,
                    new Lines("module " + module.jar().name() + ": ", ctx.log),
                    () -> new SlotPlace<>(view.newSlot()), text -> compile(text, scope));
            installed.add(new Installed(open(module, i, context), new Guard(ctx, module),
                    new BlockingGate.Running()));
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

    /**
     * What the modules do in a location, asked of them once.
     *
     * @throws Unusable one of them cannot be installed there
     */
    public RouteHooks of(LocationConfig location) {
        return byLocation.computeIfAbsent(location, this::install);
    }

    private RouteHooks install(LocationConfig location) {
        RouteHooks hooks = new RouteHooks();
        for (Installed one : installed) {
            try {
                one.module().install(location,
                        new Registration(calls, one.guard(), one.running(), hooks));
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
                one.module().start();
            } catch (ModuleTrouble e) {
                throw new Unusable(e);
            }
        }
        watch.start();
    }

    /** No new connection comes. */
    public void drain() {
        for (Installed one : installed) {
            attempt(one.module()::drain);
        }
    }

    /** No hook is called any more. */
    public void close() {
        watch.end();
        for (Installed one : installed) {
            attempt(one.module()::close);
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
