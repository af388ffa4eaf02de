package dev.sluice.master;

import dev.sluice.common.control.ControlMessage;
import dev.sluice.common.control.OperatorPage;
import dev.sluice.common.zones.HoldTable;
import dev.sluice.common.zones.LimitZone;
import dev.sluice.master.command.ExitCode;
import dev.sluice.master.metrics.LimitTotals;
import dev.sluice.master.metrics.WorkerProcessFacts;
import dev.sluice.master.reload.Reloads;
import dev.sluice.master.system.ZoneFiles;
import dev.sluice.master.upgrade.Forwards;
import dev.sluice.master.upgrade.Predecessor;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.Generation;
import dev.sluice.master.worker.WorkerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the loop tells {@link Scrapes}, and what is counted for another master: totals outlive a
 * change of the program. Owner: master loop.
 */
final class Counted {

    private static final byte[] NOTHING = new byte[0];

    private final Scrapes scrapes;
    private final ZoneFiles zones;
    private Fleet fleet;
    private Reloads reloads;
    private Predecessor.Legacy legacy = Predecessor.Legacy.NONE;
    private List<Path> counters = List.of();
    private final List<Path> goneSince = new ArrayList<>();
    private boolean given;
    private Forwards heir;

    Counted(Scrapes scrapes, ZoneFiles zones) {
        this.scrapes = scrapes;
        this.zones = zones;
    }

    void of(Fleet itsFleet, Reloads itsReloads) {
        fleet = itsFleet;
        reloads = itsReloads;
    }

    void answer(WorkerProcess worker, ControlMessage.MetricsRequest request) {
        Consumer<byte[]> answer = text -> worker.answerMetrics(request.id(), text);
        if (!given) {
            scrapes.answer(answer, request.page(), snapshot());
        } else if (heir != null && request.page().path().equals(OperatorPage.METRICS.path())) {
            // What the workers of the other master count is in its text only.
            heir.scrape(answer);
        } else {
            answer.accept(NOTHING);
        }
    }

    /** A worker of the master before this one was asked. */
    void answer(Consumer<byte[]> asking) {
        scrapes.answer(asking, OperatorPage.METRICS, snapshot());
    }

    void gone(WorkerProcess worker) {
        if (given) {
            goneSince.add(worker.counters());
        } else {
            scrapes.retire(worker.counters(), snapshot());
        }
    }

    /**
     * Gives all to another master.
     *
     * @param toAsk answers for this master's workers from now on
     * @param yours is given the line for the other one, by another thread
     */
    void handOver(Path totals, Forwards toAsk, Consumer<List<String>> yours) {
        given = true;
        heir = toAsk;
        Scrapes.Snapshot now = snapshot();
        List<String> line = new ArrayList<>(List.of("YOURS", Long.toString(now.respawns())));
        for (String result : List.of("done", "rejected", "rolled_back")) {
            line.add(Long.toString(now.reloads(result)));
        }
        line.add(totals.toString());
        now.liveCounterFiles().forEach(file -> line.add(file.toString()));
        scrapes.handOver(totals, now, () -> yours.accept(line));
    }

    /** The other master has ended before it had taken over. */
    void takeBack(Path totals, Forwards asked) {
        given = false;
        heir = null;
        goneSince.forEach(file -> scrapes.retire(file, snapshot()));
        goneSince.clear();
        scrapes.forget(totals);
        asked.takeBack().forEach(this::answer);
    }

    /** The master before this one counts on; this one was only about to. */
    void giveBack() {
        given = true;
    }

    boolean given() {
        return given;
    }

    /**
     * Takes over what another master gave; from now on workers are answered.
     *
     * @param left files of its workers, for one that was killed before it could tell
     */
    void inherit(Predecessor.Legacy from, List<Path> left) {
        legacy = from;
        counters = from == Predecessor.Legacy.NONE ? left : from.counters();
        if (from.totals() != null) {
            scrapes.retire(from.totals(), snapshot());
        }
        scrapes.start();
    }

    /** The workers of the other master are gone. */
    void retireInherited() {
        List<Path> all = counters;
        counters = List.of();
        all.forEach(file -> scrapes.retire(file, snapshot()));
    }

    private Scrapes.Snapshot snapshot() {
        Generation now = fleet.installed();
        // The first start counts among the ends of reloads; it is none.
        long done = Math.max(0, reloads.count(ExitCode.DONE) - 1);
        List<Path> live = new ArrayList<>(counters);
        fleet.alive().forEach(worker -> live.add(worker.counters()));
        return new Scrapes.Snapshot(
                live,
                fleet.alive().stream().map(worker -> new WorkerProcessFacts.Who(worker.slot(),
                        worker.generation().number(), worker.pid(), worker.counters())).toList(),
                fleet.servingCount(),
                now == null ? 0 : now.number(),
                legacy.respawns() + fleet.respawnCount(),
                Map.of(
                        "done", legacy.done() + done,
                        "rejected", legacy.rejected() + reloads.count(ExitCode.FAILED),
                        "rolled_back",
                                legacy.rolledBack() + reloads.count(ExitCode.ROLLED_BACK)),
                limits(),
                reloads.lastGood(),
                reloads.lastGoodMs(),
                now);
    }

    /** One whose shape was changed by a reload has two zones for a while: the newer one counts. */
    private List<LimitTotals> limits() {
        Map<String, LimitTotals> byName = new LinkedHashMap<>();
        for (String kind : List.of(LimitZone.KIND, HoldTable.KIND)) {
            zones.forEach(kind, zone -> byName.put(zone.spec().name(), LimitTotals.of(zone)));
        }
        return List.copyOf(byName.values());
    }
}
