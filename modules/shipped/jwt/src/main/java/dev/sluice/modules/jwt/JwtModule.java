package dev.sluice.modules.jwt;

import dev.sluice.module.Hooks;
import dev.sluice.module.HttpExchange;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.Phase;
import dev.sluice.module.Route;
import dev.sluice.module.Settings;
import dev.sluice.module.SluiceModule;
import dev.sluice.module.Slot;
import dev.sluice.modules.credentials.SideThread;
import dev.sluice.modules.credentials.Source;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks for a signed token where {@code auth_jwt} names a realm. */
public final class JwtModule implements SluiceModule {

    private static final String OFF = "off";

    private final InstantSource clock;

    public JwtModule() {
        this(InstantSource.system());
    }

    /** @param clock tells whether tokens have ended, and when keys are looked at again */
    JwtModule(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public ModuleInstance open(ModuleContext context) {
        return new Instance(context, clock);
    }

    private static final class Instance implements ModuleInstance {

        private record Keys(TokenKeys keys, Source source) {}

        private final ModuleContext context;
        private final InstantSource clock;
        private final SideThread side = new SideThread("tokens");
        private final Slot<Claims> slot;
        private final Map<KeyPlace, Keys> keys = new HashMap<>();
        private final List<KeyUrl> urls = new ArrayList<>();
        /** Locations that ask for the same share what was proved. */
        private final Map<Rules, Tokens> all = new HashMap<>();

        Instance(ModuleContext context, InstantSource clock) {
            this.context = context;
            this.clock = clock;
            this.slot = context.slot();
            context.variables("jwt_claim_*", (x, name) -> {
                Claims token = x.get(slot);
                return token == null ? null : token.claims().get(name);
            });
            context.variables("jwt_header_*", (x, name) -> {
                Claims token = x.get(slot);
                return token == null ? null : token.header().get(name);
            });
        }

        @Override
        public void install(Route route, Hooks hooks) throws ModuleException {
            Settings settings = route.settings();
            if (!settings.has("auth_jwt") || settings.text("auth_jwt").equals(OFF)) {
                return;
            }
            Rules rules = Rules.of(settings);
            Tokens tokens = all.get(rules);
            if (tokens == null) {
                if (context.dryRun()) {
                    rules.keys().check();
                }
                Keys from = keys.computeIfAbsent(rules.keys(), this::keysOf);
                tokens = new Tokens(rules,
                        rules.token() == null ? null : context.text(rules.token()), from.keys(),
                        from.source(), side, this::admit, context.log(), clock);
                all.put(rules, tokens);
            }
            hooks.on(Phase.AUTHORIZE, tokens::decide);
        }

        private Keys keysOf(KeyPlace place) {
            TokenKeys made = new TokenKeys();
            if (place.url() == null) {
                return new Keys(made, new KeyFile(place.file(), made, clock));
            }
            KeyUrl url = new KeyUrl(place.url(), place.authorities(), place.refreshMs(), made,
                    clock);
            urls.add(url);
            return new Keys(made, url);
        }

        private void admit(HttpExchange x, Claims token) {
            x.put(slot, token);
        }

        @Override
        public void start() {
            urls.forEach(KeyUrl::start);
        }

        @Override
        public void close() {
            side.close();
        }
    }
}
