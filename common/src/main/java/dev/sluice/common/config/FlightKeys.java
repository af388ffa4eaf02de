package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.MAIN;

import dev.sluice.common.flight.FlightFile;
import java.util.List;

/** The part of the table for the flight recorder. Written at boot, then read-only. */
public final class FlightKeys {

    private static final int BURST_MAX = 1_000_000;

    public static final ConfigKey<Integer> FLIGHT_RECORDER = ConfigKey.single("flight_recorder",
            new Scalars.Count(0, FlightFile.RECORDS_MAX), "1024",
            "How many of its last requests each worker keeps in a file that outlives it, rounded up"
                    + " to a power of two, 256 bytes each; the master writes them out when the"
                    + " worker dies, and sluice flight when asked. 0 keeps none.", MAIN);

    public static final ConfigKey<Integer> FLIGHT_RECORDER_BURST = ConfigKey.single(
            "flight_recorder_burst", new Scalars.Count(0, BURST_MAX), "50",
            "So many answers with 5xx of one worker within 10s make the master write its last"
                    + " requests to run_directory/flight, once until 10s have had less than half of"
                    + " that. 0 never does it.", MAIN);

    static final List<ConfigKey<?>> ALL = List.of(FLIGHT_RECORDER, FLIGHT_RECORDER_BURST);

    private FlightKeys() {
    }

    static int records(Scope main) {
        int asked = main.value(FLIGHT_RECORDER);
        return asked == 0 ? 0 : FlightFile.rounded(asked);
    }
}
