package dev.sluice.worker.route;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.exchange.Gate;

/** Makes what a location's requests must pass before its content. Called at boot. */
public interface GateFactory {

    /** In the order in which they are entered; {@link Gate#NONE} where anybody may come. */
    Gate[] gatesFor(LocationConfig config);
}
