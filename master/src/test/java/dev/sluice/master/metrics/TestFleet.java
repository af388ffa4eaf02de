package dev.sluice.master.metrics;

import dev.sluice.common.config.ModuleJar;
import dev.sluice.common.counters.CounterFile;
import dev.sluice.common.counters.CounterLabels;
import dev.sluice.common.counters.CounterWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A master that runs what the test starts. */
final class TestFleet implements MetricsSource {
    final List<Path> files = new ArrayList<>();
    final List<LimitTotals> limits = new ArrayList<>();
    final List<CacheTotals> caches = new ArrayList<>();

    CounterWriter start(Path file, CounterLabels labels) throws IOException {
        CounterFile.create(file, labels);
        files.add(file);
        return CounterWriter.open(file);
    }

    @Override
    public List<Path> liveCounterFiles() {
        return files;
    }

    @Override
    public List<WorkerProcessFacts> processes() {
        return List.of(new WorkerProcessFacts(2, 7, 4711, files.isEmpty() ? null
                : files.getFirst(), 4096, 11, 150, 2_500_000_000L));
    }

    @Override
    public int workers() {
        return files.size();
    }

    @Override
    public long generation() {
        return 7;
    }

    @Override
    public long respawns() {
        return 3;
    }

    @Override
    public boolean lastReloadGood() {
        return false;
    }

    @Override
    public long lastGoodReloadMs() {
        return 1_795_000_000_250L;
    }

    @Override
    public long reloads(String result) {
        return result.equals("done") ? 4 : 0;
    }

    @Override
    public List<LimitTotals> limits() {
        return limits;
    }

    @Override
    public List<CacheTotals> caches() {
        return caches;
    }

    @Override
    public List<ModuleJar> modules() {
        return List.of(new ModuleJar(Path.of("/m/api-key.jar"), "3b5d", "api_key", "1.0.2", "0.4",
                "access", List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
                Map.of(), List.of()));
    }

    @Override
    public Map<String, Long> certificateEndsMs() {
        return Map.of("/etc/a.crt", 1_795_197_600_500L);
    }
}
