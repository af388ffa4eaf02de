package dev.sluice.master;

import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.common.zones.ZoneSpec;
import dev.sluice.master.system.RunDirectory;
import dev.sluice.master.system.ZoneFiles;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.Generation;
import dev.sluice.master.worker.WorkerProcess;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Removes the files of generations that no process uses any more. Owner: master loop. */
final class OldGenerations {

    private final RunDirectory run;
    private final ZoneFiles zones;
    private final Fleet fleet;
    private final ErrorLog log;
    private Generation cleanedUpTo;

    OldGenerations(RunDirectory run, ZoneFiles zones, Fleet fleet, ErrorLog log) {
        this.run = run;
        this.zones = zones;
        this.fleet = fleet;
        this.log = log;
    }

    /** To be called when a process has gone. */
    void forget() {
        Generation now = fleet.installed();
        if (now == null) {
            return;
        }
        int from = cleanedUpTo == null ? 1 : cleanedUpTo.number();
        for (int number = from; number < now.number(); number++) {
            int old = number;
            if (fleet.alive().stream().noneMatch(w -> w.generation().number() == old)) {
                run.removeConfig(number);
            }
        }
        cleanedUpTo = oldestInUse(now);
        forgetZones(now);
    }

    private Generation oldestInUse(Generation now) {
        Generation oldest = now;
        for (WorkerProcess worker : fleet.alive()) {
            if (worker.generation().number() < oldest.number()) {
                oldest = worker.generation();
            }
        }
        return oldest;
    }

    /** A generation that rolls out has a living worker from the moment its zones are made. */
    private void forgetZones(Generation now) {
        Set<ZoneSpec> used = new HashSet<>(now.zones());
        fleet.alive().forEach(worker -> used.addAll(worker.generation().zones()));
        try {
            zones.keepOnly(used, now.account());
        } catch (IOException failed) {
            log.log(Level.ERROR, "old zones stay: " + failed.getMessage());
        }
    }
}
