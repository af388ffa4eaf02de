package dev.sluice.worker.boot;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.module.Phase;
import dev.sluice.worker.access.AccessGates;
import dev.sluice.worker.answer.CorsRules;
import dev.sluice.worker.answer.HttpsRules;
import dev.sluice.worker.coding.Codings;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.Server;
import dev.sluice.worker.limit.Limits;
import dev.sluice.worker.module.Modules;
import dev.sluice.worker.module.RouteHooks;
import dev.sluice.worker.route.GateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * All that a location's requests must pass, in order. Codings are put in front of the client
 * before anything can be answered. Who belongs to https goes there at once.
 * Limits are next, as in nginx: they bound how often somebody may try a password. Preflights are
 * answered before anybody is asked for one.
 * Used at boot.
 */
final class Gates implements GateFactory {

    private final Limits limits;
    private final AccessGates access;
    private final Modules modules;
    private final Supplier<Codings> codingsMaker;
    /** Null until a location has some. */
    private Codings codings;

    /**
     * @param modules null when there are none: nothing of them is loaded then
     * @param codings called when the first location has some, likewise
     */
    Gates(Limits limits, AccessGates access, Modules modules, Supplier<Codings> codings) {
        this.modules = modules;
        this.codingsMaker = codings;
        this.limits = limits;
        this.access = access;
    }

    @Override
    public Gate[] gatesFor(LocationConfig location) {
        List<Gate> gates = new ArrayList<>(0);
        if (location.coding() != null) {
            gates.add(codings().gateFor(location.coding()));
        }
        add(gates, HttpsRules.gateOf(location));
        if (modules != null) {
            gates.addAll(modules.of(location).gates(Phase.PREACCESS));
        }
        add(gates, limits.rateGateFor(location));
        add(gates, limits.holdGateFor(location));
        add(gates, CorsRules.of(location));
        add(gates, access.gateFor(location,
                modules == null ? List.of() : modules.of(location).conditions()));
        if (modules != null) {
            gates.addAll(modules.of(location).gates(Phase.ACCESS));
            gates.addAll(modules.of(location).bodyGates());
            gates.addAll(modules.of(location).gates(Phase.CONTENT));
        }
        return gates.isEmpty() ? Gate.NONE : gates.toArray(Gate[]::new);
    }

    private Codings codings() {
        if (codings == null) {
            codings = codingsMaker.get();
        }
        return codings;
    }

    @Override
    public Gate[] gatesOf(Server server) {
        return modules == null ? Gate.NONE
                : modules.of(server.config.fallback()).gatesOfServer();
    }

    @Override
    public void furnish(Location location) {
        if (modules == null) {
            return;
        }
        RouteHooks hooks = modules.of(location.config);
        location.errorPages = hooks.errorPages(location.errorPages);
        location.headRules(hooks.responseRules(location.headRules()));
        location.requestRules(hooks.requestRules());
        location.peerRules(hooks.peerRules());
        if (!hooks.logs().isEmpty()) {
            List<ExchangeLog> logs = new ArrayList<>(List.of(location.logs));
            logs.addAll(hooks.logs());
            location.logs = logs.toArray(ExchangeLog[]::new);
        }
    }

    private static void add(List<Gate> gates, Gate gate) {
        if (gate != null) {
            gates.add(gate);
        }
    }

    @Override
    public HeaderToAdd[] headers() {
        return limits.headers();
    }
}
