package dev.sluice.worker.module;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.module.Phase;
import dev.sluice.worker.access.AccessGates;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.Server;
import dev.sluice.worker.route.GateFactory;
import java.util.ArrayList;
import java.util.List;

/** Locations with nothing but modules in the way. */
record OnlyModules(Modules modules, AccessGates access) implements GateFactory {

    @Override
    public Gate[] gatesFor(LocationConfig config) {
        List<Gate> gates = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            if (phase == Phase.CONTENT) {
                gates.addAll(modules.of(config).bodyGates());
            }
            if (phase == Phase.AUTHORIZE) {
                Gate gate = access.gateFor(config, modules.of(config).conditions());
                if (gate != null) {
                    gates.add(gate);
                }
            } else if (phase != Phase.POST_READ) {
                gates.addAll(modules.of(config).gates(phase));
            }
        }
        return gates.toArray(Gate[]::new);
    }

    @Override
    public Gate[] gatesOf(Server server) {
        return modules.of(server.config.fallback()).gatesOfServer();
    }

    @Override
    public void furnish(Location location) {
        RouteHooks hooks = modules.of(location.config);
        location.errorPages = hooks.errorPages(location.errorPages);
        location.headRules(hooks.responseRules(location.headRules()));
        location.requestRules(hooks.requestRules());
        location.logs = hooks.logs().toArray(ExchangeLog[]::new);
    }
}
