package dev.sluice.modules.ieee2030;

import dev.sluice.module.Hooks;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.Phase;
import dev.sluice.module.Route;
import dev.sluice.module.Settings;
import dev.sluice.module.SluiceModule;
import dev.sluice.module.Slot;
import dev.sluice.module.Text;
import dev.sluice.modules.credentials.SideThread;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Lists of devices that may come or may not, and what their bodies are about. */
public final class Ieee2030Module implements SluiceModule {

    private final InstantSource clock;

    public Ieee2030Module() {
        this(InstantSource.system());
    }

    /** @param clock tells when lists are looked at again */
    Ieee2030Module(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public ModuleInstance open(ModuleContext context) throws ModuleException {
        return new Instance(context, clock);
    }

    private static final class Instance implements ModuleInstance {

        private static final String OFF = "off";

        private final ModuleContext context;
        private final InstantSource clock;
        private final SideThread side = new SideThread("devices");
        private final Text lfdi;
        private final Roots roots;
        private final Map<Path, Devices> lists = new HashMap<>();

        Instance(ModuleContext context, InstantSource clock) throws ModuleException {
            this.context = context;
            this.clock = clock;
            this.lfdi = context.text("$ssl_client_lfdi");
            Slot<String> root = context.slot();
            this.roots = new Roots(root);
            context.variable("sep_root", x -> x.get(root));
        }

        @Override
        public void install(Route route, Hooks hooks) throws ModuleException {
            Settings settings = route.settings();
            Devices deny = list("ieee2030_5_deny", settings);
            if (deny != null) {
                hooks.on(Phase.PREACCESS, deny::allButThese);
            }
            if (settings.flag("ieee2030_5_root")) {
                hooks.on(Phase.PREACCESS, roots::decide);
            }
            Devices allow = list("ieee2030_5_allow", settings);
            if (allow != null) {
                hooks.on(Phase.AUTHORIZE, allow::onlyThese);
            }
        }

        /** Null where there is none. */
        private Devices list(String key, Settings settings) throws ModuleException {
            if (!settings.has(key) || settings.text(key).equals(OFF)
                    || settings.text(key).endsWith("/" + OFF)) {
                return null;
            }
            Path file = Path.of(settings.text(key));
            if (!lists.containsKey(file)) {
                if (context.dryRun()) {
                    check(key, file);
                }
                lists.put(file, new Devices(file, lfdi, side, context.log(), clock));
            }
            return lists.get(file);
        }

        /** The file as it is now; it is read again when it changes. */
        private static void check(String key, Path file) throws ModuleException {
            try {
                DeviceList list = DeviceList.read(file);
                if (!list.problems().isEmpty()) {
                    DeviceList.Problem first = list.problems().getFirst();
                    throw new ModuleException("\"" + file + "\" line " + first.line() + ": "
                            + first.message(),
                            "a line begins with an LFDI, 40 hexadecimal digits, or with #");
                }
            } catch (NoSuchFileException e) {
                throw new ModuleException("\"" + key + "\": \"" + file + "\" does not exist",
                        "an empty file names nobody");
            } catch (IOException e) {
                throw new ModuleException("\"" + key + "\": \"" + file + "\" cannot be read: "
                        + e.getMessage());
            }
        }

        @Override
        public void close() {
            side.close();
        }
    }
}
