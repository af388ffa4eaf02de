package dev.sluice.common.module;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.ModuleConfig;
import dev.sluice.common.config.ModuleJar;
import dev.sluice.module.Hooks;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.Route;
import dev.sluice.module.Settings;
import dev.sluice.module.SluiceModule;
import java.io.IOException;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * A module that has been opened. Whatever its code throws comes out as {@link ModuleTrouble}.
 *
 * <p>Owner: the thread that opens it.
 */
public final class OpenModule {

    private final ModuleConfig config;
    /** Its place among the modules, and so among the settings of a location. */
    private final int index;
    private final ModuleInstance instance;

    private OpenModule(ModuleConfig config, int index, ModuleInstance instance) {
        this.config = config;
        this.index = index;
        this.instance = instance;
    }

    /**
     * Loads and opens a module.
     *
     * @param index its place in {@code SluiceConfig.modules}
     */
    public static OpenModule open(ModuleConfig config, int index, OpeningContext context)
            throws ModuleTrouble {
        ModuleJar jar = config.jar();
        try {
            ModuleInstance instance = provider(jar).open(context);
            if (instance == null) {
                throw trouble(jar, "opens as null", null, null);
            }
            String missing = context.missing();
            if (missing != null) {
                throw trouble(jar, "brings nothing for " + missing, null, null);
            }
            return new OpenModule(config, index, instance);
        } catch (ModuleException e) {
            throw trouble(jar, e.getMessage(), e.help(), e);
        } catch (IOException | RuntimeException | LinkageError | ServiceConfigurationError e) {
            throw trouble(jar, "cannot be opened: " + reason(e), null, e);
        }
    }

    private static SluiceModule provider(ModuleJar jar) throws IOException, ModuleTrouble {
        ModuleClasses classes = ModuleClasses.of(jar.name(), jar.file());
        Iterator<SluiceModule> all = ServiceLoader.load(SluiceModule.class, classes).iterator();
        if (!all.hasNext()) {
            throw trouble(jar, "names no provider in META-INF/services", null, null);
        }
        SluiceModule provider = all.next();
        if (all.hasNext()) {
            throw trouble(jar, "names more than one provider in META-INF/services",
                    "a jar is one module", null);
        }
        return provider;
    }

    private static ModuleTrouble trouble(ModuleJar jar, String what, String help,
            Throwable cause) {
        // Without its path: a worker's is that of a copy.
        return new ModuleTrouble("module " + jar.name() + (jar.version().isEmpty() ? ""
                : " " + jar.version()) + ": " + what, help, cause);
    }

    /** The innermost cause: a provider that throws is wrapped twice. */
    private static String reason(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    /**
     * Has it register its hooks for a location, where modules have a say.
     *
     * @param ofServer whether this is what the server does where no location matches
     */
    public void install(LocationConfig location, boolean ofServer, Hooks hooks)
            throws ModuleTrouble {
        if (location.modules().isEmpty()) {
            return;
        }
        Settings settings = new SettingsView(config.jar(), location.modules().get(index));
        Route route = new RouteView(location.server(), location.label(), ofServer,
                settings);
        String where = "[location " + location.server() + " " + location.label() + "]: ";
        try {
            instance.install(route, hooks);
        } catch (ModuleException e) {
            throw trouble(config.jar(), where + e.getMessage(), e.help(), e);
        } catch (RuntimeException | LinkageError e) {
            throw trouble(config.jar(), where + "cannot be installed: " + reason(e), null, e);
        }
    }

    public void start() throws ModuleTrouble {
        try {
            instance.start();
        } catch (RuntimeException | LinkageError e) {
            throw trouble(config.jar(), "cannot start: " + reason(e), null, e);
        }
    }

    /** No new connection comes. */
    public void drain() throws ModuleTrouble {
        try {
            instance.drain();
        } catch (RuntimeException | LinkageError e) {
            throw trouble(config.jar(), "cannot drain: " + reason(e), null, e);
        }
    }

    public void close() throws ModuleTrouble {
        try {
            instance.close();
        } catch (RuntimeException | LinkageError e) {
            throw trouble(config.jar(), "cannot be closed: " + reason(e), null, e);
        }
    }

    public ModuleConfig config() {
        return config;
    }

    private record RouteView(String server, String location, boolean ofServer, Settings settings)
            implements Route {}
}
