package dev.sluice.modules.basicauth;

import dev.sluice.module.Hooks;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.Phase;
import dev.sluice.module.Route;
import dev.sluice.module.Settings;
import dev.sluice.module.SluiceModule;
import dev.sluice.modules.credentials.Authorization;
import dev.sluice.modules.credentials.SideThread;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks for a user and a password where {@code auth_basic} names a realm. */
public final class BasicAuthModule implements SluiceModule {

    private static final String OFF = "off";

    private final InstantSource clock;

    public BasicAuthModule() {
        this(InstantSource.system());
    }

    /** @param clock tells how long what was proved counts, and when files are looked at again */
    BasicAuthModule(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public ModuleInstance open(ModuleContext context) {
        return new Instance(context, clock);
    }

    private static final class Instance implements ModuleInstance {

        private record Asked(String realm, Path file) {}

        private final ModuleContext context;
        private final InstantSource clock;
        private final SideThread side = new SideThread("passwords");
        private final Map<Path, Users> files = new HashMap<>();
        /** Locations that ask for the same share what was proved. */
        private final Map<Asked, Passwords> all = new HashMap<>();

        Instance(ModuleContext context, InstantSource clock) {
            this.context = context;
            this.clock = clock;
        }

        @Override
        public void install(Route route, Hooks hooks) throws ModuleException {
            Settings settings = route.settings();
            if (!settings.has("auth_basic") || settings.text("auth_basic").equals(OFF)) {
                return;
            }
            String realm = Authorization.realm("auth_basic", settings.text("auth_basic"));
            if (!settings.has("auth_basic_user_file")) {
                throw new ModuleException("\"auth_basic\" asks for a password and no file has any",
                        "add auth_basic_user_file = /etc/sluice/users");
            }
            Path file = Path.of(settings.text("auth_basic_user_file"));
            if (!files.containsKey(file)) {
                check(file);
                files.put(file, new Users(file, clock));
            }
            Passwords passwords = all.computeIfAbsent(new Asked(realm, file), one ->
                    new Passwords(realm, files.get(file), side, context.log(), clock));
            hooks.on(Phase.AUTHORIZE, passwords::decide);
        }

        /** The file as it is now; it is read again when it changes. */
        private void check(Path file) throws ModuleException {
            if (!context.dryRun()) {
                // A line that is wrong by now must not keep a worker from being replaced.
                return;
            }
            try {
                List<PasswordFile.Problem> problems = PasswordFile.read(file).problems();
                if (!problems.isEmpty()) {
                    PasswordFile.Problem first = problems.getFirst();
                    throw new ModuleException("\"" + file + "\" line " + first.line() + ": "
                            + first.message() + (problems.size() == 1 ? ""
                                    : ", and " + (problems.size() - 1) + " lines more"),
                            PasswordFile.CURE);
                }
            } catch (NoSuchFileException e) {
                throw new ModuleException("\"auth_basic_user_file\": \"" + file
                        + "\" does not exist", "make it with: htpasswd -cB " + file + " NAME");
            } catch (IOException e) {
                throw new ModuleException("\"auth_basic_user_file\": \"" + file
                        + "\" cannot be read: " + e.getMessage());
            }
        }

        @Override
        public void close() {
            side.close();
        }
    }
}
