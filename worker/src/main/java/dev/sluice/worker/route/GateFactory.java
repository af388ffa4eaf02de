package dev.sluice.worker.route;

import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.Server;

/** Makes what a location's requests must pass before its content. Called at boot. */
public interface GateFactory {

    /** In the order in which they are entered; {@link Gate#NONE} where anybody may come. */
    Gate[] gatesFor(LocationConfig config);

    /** What a request must pass before its location is looked for. */
    default Gate[] gatesOf(Server server) {
        return Gate.NONE;
    }

    /**
     * What else happens in a location: to heads, and when an exchange has ended.
     *
     * @param location complete but for this
     */
    default void furnish(Location location) {
        // Most locations have no more than their configuration says.
    }

    /** What gates have to say in the answers of any location. */
    default HeaderToAdd[] headers() {
        return HeaderToAdd.NONE;
    }
}
