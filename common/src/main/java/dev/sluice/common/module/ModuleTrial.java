package dev.sluice.common.module;

import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.KnownVariables;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ModuleConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SourceLine;
import dev.sluice.module.BlockingHook;
import dev.sluice.module.HeadHook;
import dev.sluice.module.Hooks;
import dev.sluice.module.LogHook;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleLog;
import dev.sluice.module.Phase;
import dev.sluice.module.RequestHook;
import dev.sluice.module.Slot;
import dev.sluice.module.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Opens the modules of a configuration as a worker would, installs them everywhere, and closes
 * them: what {@code sluice -t} can find wrong with them. Only for a process that ends: their
 * classes stay. Owner: the calling thread.
 */
public final class ModuleTrial {

    private static final Slot<Object> SLOT = new Slot<>() {};
    private static final Text TEXT = new Text() {};

    private final LoadedConfig loaded;
    private final List<ConfigError> errors = new ArrayList<>();

    private ModuleTrial(LoadedConfig loaded) {
        this.loaded = loaded;
    }

    /** The same configuration, without its good part when a module cannot be used. */
    public static LoadedConfig of(LoadedConfig loaded) {
        if (loaded.config() == null || loaded.config().modules().isEmpty()) {
            return loaded;
        }
        ModuleTrial trial = new ModuleTrial(loaded);
        List<ModuleConfig> modules = loaded.config().modules();
        for (int i = 0; i < modules.size(); i++) {
            trial.open(modules.get(i), i);
        }
        return trial.errors.isEmpty() ? loaded : loaded.refused(trial.errors);
    }

    private void open(ModuleConfig module, int index) {
        SourceLine at = module.at();
        try {
            OpenModule open = OpenModule.open(module, index, new OpeningContext(module, true,
                    new Silence(), () -> SLOT, this::text));
            for (ServerConfig server : loaded.config().servers()) {
                for (LocationConfig location : server.locations()) {
                    at = location.at();
                    open.install(location, new Registered());
                }
                at = server.at();
                open.install(server.fallback(), new Registered());
            }
            at = module.at();
            open.close();
        } catch (ModuleTrouble e) {
            errors.add(new ConfigError(at, e.getMessage(), e.help()));
        }
    }

    private Text text(String template) throws ModuleException {
        String wrong = KnownVariables.wrong(template, loaded.variables());
        if (wrong != null) {
            throw new ModuleException(wrong);
        }
        return TEXT;
    }

    /** Whatever is registered is well-formed, and forgotten. */
    private static final class Registered implements Hooks {
        @Override
        public void on(Phase phase, RequestHook hook) {
            Objects.requireNonNull(phase);
            Objects.requireNonNull(hook);
        }

        @Override
        public void blocking(Phase phase, BlockingHook hook) {
            Objects.requireNonNull(phase);
            Objects.requireNonNull(hook);
        }

        @Override
        public void onUpstreamRequest(HeadHook hook) {
            Objects.requireNonNull(hook);
        }

        @Override
        public void onResponse(HeadHook hook) {
            Objects.requireNonNull(hook);
        }

        @Override
        public void onLog(LogHook hook) {
            Objects.requireNonNull(hook);
        }
    }

    private static final class Silence implements ModuleLog {
        @Override
        public void info(String line) {
            // A check writes to no log.
        }

        @Override
        public void warn(String line) {
            // A check writes to no log.
        }

        @Override
        public void error(String line) {
            // A check writes to no log.
        }
    }
}
