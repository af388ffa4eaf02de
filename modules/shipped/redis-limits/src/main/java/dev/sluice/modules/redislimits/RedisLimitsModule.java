package dev.sluice.modules.redislimits;

import dev.sluice.module.Hooks;
import dev.sluice.module.ModuleContext;
import dev.sluice.module.ModuleException;
import dev.sluice.module.ModuleInstance;
import dev.sluice.module.Phase;
import dev.sluice.module.Route;
import dev.sluice.module.Settings;
import dev.sluice.module.SluiceModule;
import dev.sluice.module.Text;
import java.time.InstantSource;

/** Asks {@link SharedCounts} for parts of a limit, and spends them here. */
public final class RedisLimitsModule implements SluiceModule {

    private final InstantSource clock;

    public RedisLimitsModule() {
        this(InstantSource.system());
    }

    /** @param clock tells which window it is */
    RedisLimitsModule(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public ModuleInstance open(ModuleContext context) throws ModuleException {
        Settings settings = context.settings();
        SharedCounts counts = new SharedCounts(settings.text("uri"),
                settings.time("answer_within"), context.log(), clock);
        Leases leases = new Leases(counts, clock, settings.number("slices"),
                settings.number("keys_max"), context);
        return new Instance(context, counts, leases);
    }

    private record Instance(ModuleContext context, SharedCounts counts, Leases leases)
            implements ModuleInstance {

        @Override
        public void install(Route route, Hooks hooks) throws ModuleException {
            Settings settings = route.settings();
            if (!settings.has("redis_limits")) {
                return;
            }
            Text key = context.text(settings.text("redis_limits_key"));
            Limit limit = new Limit(settings.text("redis_limits_name"),
                    settings.number("redis_limits"),
                    settings.time("redis_limits_window").toMillis(),
                    settings.number("redis_limits_status"));
            hooks.on(Phase.PREACCESS, x -> leases.decide(limit, x.text(key)));
        }

        @Override
        public void start() {
            counts.start();
        }

        @Override
        public void close() {
            counts.close();
        }
    }
}
