package dev.sluice.worker.access;

import dev.sluice.common.config.AccessConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.worker.answer.ExchangeLines;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.subrequest.SubRequests;
import dev.sluice.worker.variables.WorkerScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the gate of each location that not everybody may come to. Used at boot. */
public final class AccessGates {

    private final ExchangeLines lines;
    private final WorkerScope scope;
    private final ExchangePath paths;
    private final SubRequests subRequests;
    /** Equal lists are compiled once: what a server denies, its locations inherit. */
    private final Map<AccessConfig, Gate> made = new HashMap<>();

    public AccessGates(SluiceConfig config, WorkerScope scope, ExchangePath paths) {
        this.lines = new ExchangeLines(config);
        this.scope = scope;
        this.paths = paths;
        this.subRequests = new SubRequests(config.http().maxHeaders());
    }

    /**
     * Null where anybody may come.
     *
     * @param ofModules what modules ask of requests in this location
     */
    public Gate gateFor(LocationConfig location, List<? extends AccessCheck> ofModules) {
        AccessConfig access = location.access();
        if (!ofModules.isEmpty()) {
            return make(access, ofModules);
        }
        return access.admitsAll() ? null
                : made.computeIfAbsent(access, config -> make(config, List.of()));
    }

    private Gate make(AccessConfig config, List<? extends AccessCheck> ofModules) {
        List<AccessCheck> checks = new ArrayList<>();
        if (!config.rules().isEmpty()) {
            checks.add(new AddressCheck(config.rules()));
        }
        checks.addAll(ofModules);
        if (!config.users().isEmpty()) {
            checks.add(new PasswordCheck(config.users()));
        }
        if (config.authRequest() != null) {
            checks.add(new SubRequestCheck(config.authRequest(), subRequests, scope, paths));
        }
        return new AccessGate(checks, config.satisfyAny(), lines);
    }
}
