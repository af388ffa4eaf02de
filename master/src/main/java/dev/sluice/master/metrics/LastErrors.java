package dev.sluice.master.metrics;

import dev.sluice.common.flight.FlightFile;
import dev.sluice.common.flight.FlightReader;
import dev.sluice.common.flight.FlightRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The last requests that ended badly, a few for each reason, as far as the flight recorders of the
 * living workers still have them. Stateless.
 */
final class LastErrors {

    /** Of one reason. */
    private static final int EXAMPLES_MAX = 3;
    private static final int FIRST_SERVER_ERROR = 500;
    private static final String WELL = "done";

    private LastErrors() {
    }

    /** By reason, the last first; what peers answered with 5xx ended well otherwise. */
    static Map<String, List<FlightRecord>> of(List<WorkerProcessFacts> workers) {
        List<FlightRecord> all = new ArrayList<>();
        for (WorkerProcessFacts worker : workers) {
            if (worker.counters() != null) {
                add(FlightFile.beside(worker.counters()), all);
            }
        }
        all.sort(Comparator.comparingLong(FlightRecord::startMs).reversed());
        Map<String, List<FlightRecord>> examples = new TreeMap<>();
        for (FlightRecord one : all) {
            List<FlightRecord> some =
                    examples.computeIfAbsent(one.why(), k -> new ArrayList<>());
            if (some.size() < EXAMPLES_MAX) {
                some.add(one);
            }
        }
        return examples;
    }

    private static void add(Path file, List<FlightRecord> to) {
        try {
            for (FlightRecord one : FlightReader.read(file)) {
                if (!one.underWay()
                        && (!one.why().equals(WELL) || one.status() >= FIRST_SERVER_ERROR)) {
                    to.add(one);
                }
            }
        } catch (IOException none) {
            // It is switched off, or the worker has just ended: there are no examples then.
            return;
        }
    }
}
