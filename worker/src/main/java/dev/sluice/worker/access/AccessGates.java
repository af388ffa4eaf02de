package dev.sluice.worker.access;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.AccessConfig;
import dev.sluice.common.config.BasicAuthConfig;
import dev.sluice.common.config.DevicesConfig;
import dev.sluice.common.config.JwtConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.worker.answer.ExchangeLines;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.loop.Offload;
import dev.sluice.worker.subrequest.SubRequests;
import dev.sluice.worker.variables.WorkerScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Makes the gate of each location that not everybody may come to. Used at boot. */
public final class AccessGates {

    private final ExchangeLines lines;
    private final WorkerScope scope;
    private final ExchangePath paths;
    private final SubRequests subRequests;
    /** Passwords have a thread of their own: who guesses them holds up no token. */
    private final Offload forPasswords;
    private final Offload forTokens;
    private final Clock clock;
    private final Map<BasicAuthConfig, AccessCheck> basics = new HashMap<>();
    private final Map<DevicesConfig, AccessCheck> devices = new HashMap<>();
    private final Map<JwtConfig, AccessCheck> tokens = new HashMap<>();
    /** Equal lists are compiled once: what a server denies, its locations inherit. */
    private final Map<AccessConfig, Gate> made = new HashMap<>();

    /**
     * @param offloads makes a thread beside the loop, one for each kind of check
     * @param clock any thread may ask it
     */
    public AccessGates(SluiceConfig config, WorkerScope scope, ExchangePath paths,
            Supplier<Offload> offloads, Clock clock) {
        this.lines = new ExchangeLines(config);
        this.scope = scope;
        this.paths = paths;
        this.subRequests = new SubRequests(config.http().maxHeaders());
        this.forPasswords = offloads.get();
        this.forTokens = offloads.get();
        this.clock = clock;
    }

    /** Null where anybody may come. */
    public Gate gateFor(LocationConfig location) {
        AccessConfig access = location.access();
        return access.admitsAll() ? null : made.computeIfAbsent(access, this::make);
    }

    private Gate make(AccessConfig config) {
        List<AccessCheck> checks = new ArrayList<>();
        if (!config.rules().isEmpty()) {
            checks.add(new AddressCheck(config.rules()));
        }
        if (config.devices() != null) {
            checks.add(devices.computeIfAbsent(config.devices(),
                    one -> new DeviceCheck(one, forTokens, clock)));
        }
        if (config.basic() != null) {
            checks.add(basics.computeIfAbsent(config.basic(),
                    one -> new BasicCheck(one, forPasswords, clock)));
        }
        if (config.jwt() != null) {
            checks.add(tokens.computeIfAbsent(config.jwt(),
                    one -> new TokenCheck(one, scope, forTokens, clock)));
        }
        if (config.authRequest() != null) {
            checks.add(new SubRequestCheck(config.authRequest(), subRequests, scope, paths));
        }
        return checks.isEmpty() ? null : new AccessGate(checks, config.satisfyAny(), lines);
    }
}
