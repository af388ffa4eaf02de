package dev.sluice.worker.boot;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.access.AccessGates;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.route.GateFactory;
import java.util.ArrayList;
import java.util.List;

/** All that a location's requests must pass, in order. Used at boot. */
final class Gates implements GateFactory {

    private final AccessGates access;

    Gates(AccessGates access) {
        this.access = access;
    }

    @Override
    public Gate[] gatesFor(LocationConfig location) {
        List<Gate> gates = new ArrayList<>();
        add(gates, access.gateFor(location));
        return gates.isEmpty() ? Gate.NONE : gates.toArray(Gate[]::new);
    }

    private static void add(List<Gate> gates, Gate gate) {
        if (gate != null) {
            gates.add(gate);
        }
    }
}
