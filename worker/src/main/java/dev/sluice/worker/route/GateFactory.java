package dev.sluice.worker.route;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.HeaderToAdd;

/** Makes what a location's requests must pass before its content. Called at boot. */
public interface GateFactory {

    /** In the order in which they are entered; {@link Gate#NONE} where anybody may come. */
    Gate[] gatesFor(LocationConfig config);

    /** What gates have to say in the answers of any location. */
    default HeaderToAdd[] headers() {
        return HeaderToAdd.NONE;
    }
}
