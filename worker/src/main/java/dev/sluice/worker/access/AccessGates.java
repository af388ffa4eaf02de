package dev.sluice.worker.access;

import dev.sluice.common.config.AccessConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.worker.answer.ExchangeLines;
import dev.sluice.worker.exchange.Gate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the gate of each location that not everybody may come to. Used at boot. */
public final class AccessGates {

    private final ExchangeLines lines;
    /** Equal lists are compiled once: what a server denies, its locations inherit. */
    private final Map<AccessConfig, Gate> made = new HashMap<>();

    public AccessGates(SluiceConfig config) {
        this.lines = new ExchangeLines(config);
    }

    /** Null where anybody may come. */
    public Gate gateFor(LocationConfig location) {
        return made.computeIfAbsent(location.access(), this::make);
    }

    private Gate make(AccessConfig config) {
        List<AccessCheck> checks = new ArrayList<>();
        if (!config.rules().isEmpty()) {
            checks.add(new AddressCheck(config.rules()));
        }
        return checks.isEmpty() ? null : new AccessGate(checks, false, lines);
    }
}
