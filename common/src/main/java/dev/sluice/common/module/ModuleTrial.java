package dev.sluice.common.module;

import dev.sluice.common.config.ConfigError;
import dev.sluice.common.config.KnownVariables;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ModuleConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SourceLine;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
                    new Silence(), new Host()));
            for (ServerConfig server : loaded.config().servers()) {
                for (LocationConfig location : server.locations()) {
                    at = location.at();
                    open.install(location, false, new CheckedHooks(false));
                }
                at = server.at();
                open.install(server.fallback(), true, new CheckedHooks(true));
            }
            at = module.at();
            open.close();
        } catch (ModuleTrouble e) {
            errors.add(new ConfigError(at, e.getMessage(), e.help()));
        }
    }

    /** Has nothing, and looks at texts as a worker would. */
    private final class Host implements OpeningContext.Host {
        @Override
        public Slot<?> slot() {
            return SLOT;
        }

        @Override
        public Text text(String template) throws ModuleException {
            String wrong = KnownVariables.wrong(template, loaded.variables());
            if (wrong != null) {
                throw new ModuleException(wrong);
            }
            return TEXT;
        }

        @Override
        public void variable(String name, VariableHook hook) {
            // Nobody asks for it.
        }

        @Override
        public void variables(String family, VariableFamilyHook hook) {
            // Nobody asks for one.
        }

        @Override
        public void onConnect(ConnectHook hook) {
            // Nobody comes.
        }

        @Override
        public void onTlsPeer(TlsPeerHook hook) {
            // Nobody comes.
        }

        @Override
        public void balancer(String name, PeerChooser chooser) {
            // Nothing is balanced.
        }

        @Override
        public ModuleCounter counter(String name) {
            return count -> { };
        }

        @Override
        public void every(Duration period, TimerHook hook) {
            // Nothing begins.
        }

        @Override
        public <T> Watched<T> watch(Path file, FileReader<T> reader) throws ModuleException {
            T value = FileReading.read(file, reader);
            return () -> value;
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
