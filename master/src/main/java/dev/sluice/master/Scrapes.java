package dev.sluice.master;

import dev.sluice.common.config.CertificateDates;
import dev.sluice.common.config.ModuleConfig;
import dev.sluice.common.config.ModuleJar;
import dev.sluice.common.control.OperatorPage;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.master.metrics.CacheTotals;
import dev.sluice.master.metrics.LimitTotals;
import dev.sluice.master.metrics.MetricsSource;
import dev.sluice.master.metrics.MetricsText;
import dev.sluice.master.metrics.WorkerProcessFacts;
import dev.sluice.master.worker.Generation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Answers workers that were asked for the metrics. Rendering reads the files of all workers and
 * takes milliseconds, so it happens on a thread of its own, the only one that touches {@link
 * MetricsText}; what it needs to know of the master is a snapshot taken by the loop. Requests that
 * wait at the same time share one rendering.
 */
final class Scrapes {

    private static final int WAITING_MAX = 256;
    private static final byte[] NOTHING = new byte[0];

    /** What the loop knows of the fleet at one moment. */
    record Snapshot(
            List<Path> liveCounterFiles,
            List<WorkerProcessFacts.Who> alive,
            int workers,
            long generation,
            long respawns,
            Map<String, Long> reloadCounts,
            List<LimitTotals> limits,
            boolean lastReloadGood,
            long lastGoodReloadMs,
            Generation served)
            implements MetricsSource {

        static final Snapshot EMPTY =
                new Snapshot(List.of(), List.of(), 0, 0, 0, Map.of(), List.of(),
                        false, 0, null);

        @Override
        public Map<String, Long> certificateEndsMs() {
            return served == null ? Map.of()
                    : CertificateDates.endsMs(served.config(), served.files());
        }

        @Override
        public List<CacheTotals> caches() {
            return served == null ? List.of() : CacheTotals.of(served.config().caches());
        }

        @Override
        public List<ModuleJar> modules() {
            return served == null ? List.of()
                    : served.config().modules().stream().map(ModuleConfig::jar).toList();
        }

        @Override
        public List<WorkerProcessFacts> processes() {
            return alive.stream().map(WorkerProcessFacts.Who::facts).toList();
        }

        @Override
        public long reloads(String result) {
            return reloadCounts.getOrDefault(result, 0L);
        }
    }

    /** Each task carries what was true when it was queued, so that no file is missed in between. */
    private sealed interface Task {
        Snapshot now();
    }

    private record Request(Consumer<byte[]> asking, OperatorPage page, Snapshot now)
            implements Task {}

    private record HandOver(Path file, Runnable then, Snapshot now) implements Task {}

    private record Forget(Path file, Snapshot now) implements Task {}

    private record Retire(Path counters, Snapshot now) implements Task {}

    private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final ErrorLog log;

    /** Owner: the metrics thread. */
    private Snapshot current = Snapshot.EMPTY;

    Scrapes(ErrorLog log) {
        this.log = log;
    }

    void start() {
        Thread thread = new Thread(this::run, "metrics");
        thread.setDaemon(true);
        thread.start();
    }

    /** Queues the question of one worker, which is given the text. Owner: master loop. */
    void answer(Consumer<byte[]> asking, OperatorPage page, Snapshot now) {
        if (tasks.size() >= WAITING_MAX) {
            asking.accept(NOTHING);
            return;
        }
        tasks.add(new Request(asking, page, now));
    }

    /** The worker of this file is gone; its totals are kept. Owner: master loop. */
    void retire(Path counters, Snapshot now) {
        tasks.add(new Retire(counters, now));
    }

    /** Writes the totals of all workers that are gone, for another master. */
    void handOver(Path file, Snapshot now, Runnable then) {
        tasks.add(new HandOver(file, then, now));
    }

    /** Removes what {@link #handOver} wrote: nobody takes it. */
    void forget(Path file) {
        tasks.add(new Forget(file, Snapshot.EMPTY));
    }

    private void forget(Forget task) {
        try {
            Files.deleteIfExists(task.file());
        } catch (IOException stays) {
            log.log(Level.WARN, "totals that nobody takes stay: " + stays.getMessage());
        }
    }

    private void handOver(HandOver task, MetricsText text) {
        try {
            text.writeRetired(task.file());
        } catch (IOException failed) {
            log.log(Level.ERROR, "the totals are not handed over: " + failed.getMessage());
        }
        task.then().run();
    }

    private void run() {
        MetricsText text = new MetricsText(new Current(), log);
        while (true) {
            try {
                Task task = tasks.take();
                current = task.now();
                switch (task) {
                    case Forget nobodys -> forget(nobodys);
                    case Retire retire -> text.retire(retire.counters());
                    case HandOver given -> handOver(given, text);
                    case Request request -> answerAll(request, text);
                }
            } catch (InterruptedException ended) {
                return;
            } catch (RuntimeException | StackOverflowError failed) {
                log.log(Level.ERROR, "metrics: " + failed);
            }
        }
    }

    /** Answers the first one and those right behind it with the same bytes. */
    private void answerAll(Request first, MetricsText text) {
        byte[] rendered = NOTHING;
        try {
            rendered = text.render(first.page());
        } finally {
            first.asking().accept(rendered);
            while (tasks.peek() instanceof Request next && next.page() == first.page()
                    && tasks.remove(next)) {
                next.asking().accept(rendered);
            }
        }
    }

    /** The snapshot of the moment, for meters that are registered once. */
    private final class Current implements MetricsSource {
        private Generation read;
        private Map<String, Long> certificateEndsMs = Map.of();

        /** Certificates are read once, until others are served. */
        @Override
        public Map<String, Long> certificateEndsMs() {
            if (current.served() != read) {
                read = current.served();
                certificateEndsMs = current.certificateEndsMs();
            }
            return certificateEndsMs;
        }

        @Override
        public List<Path> liveCounterFiles() {
            return current.liveCounterFiles();
        }

        @Override
        public List<WorkerProcessFacts> processes() {
            return current.processes();
        }

        @Override
        public int workers() {
            return current.workers();
        }

        @Override
        public long generation() {
            return current.generation();
        }

        @Override
        public long respawns() {
            return current.respawns();
        }

        @Override
        public List<CacheTotals> caches() {
            return current.caches();
        }

        @Override
        public List<ModuleJar> modules() {
            return current.modules();
        }

        @Override
        public List<LimitTotals> limits() {
            return current.limits();
        }

        @Override
        public boolean lastReloadGood() {
            return current.lastReloadGood();
        }

        @Override
        public long lastGoodReloadMs() {
            return current.lastGoodReloadMs();
        }

        @Override
        public long reloads(String result) {
            return current.reloads(result);
        }
    }
}
