package dev.sluice.master.worker;

import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Which generations are too many: {@code max_generations}. Stateless. */
final class GenerationLimit {

    private GenerationLimit() {}

    /**
     * The draining workers of the oldest generations, so many that the rest is within the limit.
     *
     * @param installed the generation whose limit counts; null before the first
     * @param coming generations that are about to start
     */
    static List<WorkerProcess> beyond(
            Collection<WorkerProcess> alive, Generation installed, int coming, ErrorLog log) {
        if (installed == null) {
            return List.of();
        }
        int limit = Math.max(1, installed.config().main().maxGenerations());
        TreeSet<Integer> numbers = new TreeSet<>();
        alive.forEach(worker -> numbers.add(worker.generation().number()));
        List<WorkerProcess> surplus = new ArrayList<>();
        while (numbers.size() + coming > limit) {
            int oldest = numbers.removeFirst();
            int before = surplus.size();
            alive.stream()
                    .filter(w -> w.generation().number() == oldest)
                    .filter(w -> w.state() == WorkerState.DRAINING)
                    .forEach(surplus::add);
            if (surplus.size() > before) {
                log.log(
                        Level.WARN,
                        "generation " + oldest + (coming > 0 ? " has to hurry" : " is stopped")
                                + ": max_generations = " + limit);
            }
        }
        return surplus;
    }
}
