package dev.sluice.master.metrics;

import dev.sluice.common.config.ModuleJar;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the metrics need to know of the master. All calls come from the thread
 * that renders, so the master answers from what it published for that thread. */
public interface MetricsSource {
    /** Results by which reloads are counted; the exit codes 0, 1, 2 and 3 of {@code -s reload}. */
    List<String> RELOAD_RESULTS = List.of("done", "rejected", "timed_out", "rolled_back");

    /** Counter files of workers that have not been retired, draining ones included. */
    List<Path> liveCounterFiles();

    /** What the kernel knows of the workers that live. */
    List<WorkerProcessFacts> processes();

    /** Workers that serve now. */
    int workers();

    /** Generation of the configuration that serves. */
    long generation();

    /** Workers started in place of one that died. */
    long respawns();

    /** What each limit has decided, over all workers. */
    List<LimitTotals> limits();

    /** What each cache has done, over all workers. */
    List<CacheTotals> caches();

    /** The modules of what is served, in the order of their names in the file. */
    List<ModuleJar> modules();

    /** When the first certificate of each file ends that servers show, wall time. */
    Map<String, Long> certificateEndsMs();

    /** Whether the last start or reload went well. */
    boolean lastReloadGood();

    /** When the last one that went well ended, wall time; 0 before the first. */
    long lastGoodReloadMs();

    /** Reloads that ended with one of {@link #RELOAD_RESULTS}. */
    long reloads(String result);
}
