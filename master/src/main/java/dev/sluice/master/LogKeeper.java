package dev.sluice.master;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.LogRotateConfig;
import dev.sluice.common.log.Level;
import dev.sluice.master.loop.Timers;
import dev.sluice.master.system.LogFiles;
import dev.sluice.master.system.LogRotation;
import dev.sluice.master.worker.Fleet;
import dev.sluice.master.worker.Generation;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.function.BooleanSupplier;

/**
 * The log files of all processes: opened again when somebody asks, and put aside where {@code
 * log_rotate} says so.
 *
 * <p>Owner: master loop.
 */
final class LogKeeper {

    private static final long LOOK_MS = 10_000;

    private final Fleet fleet;
    private final MasterLog log;
    private final Timers timers;
    private final Clock clock;
    private final BooleanSupplier answersForFiles;
    private final LogRotation rotation = new LogRotation(TimeZone.getDefault());
    private Timers.Timer next;

    /** @param answersForFiles false while another master does */
    LogKeeper(Fleet fleet, MasterLog log, Timers timers, Clock clock,
            BooleanSupplier answersForFiles) {
        this.fleet = fleet;
        this.log = log;
        this.timers = timers;
        this.clock = clock;
        this.answersForFiles = answersForFiles;
    }

    /** A configuration serves now that may say something else about rotation. */
    void serves() {
        if (next != null) {
            next.cancel();
            next = null;
        }
        if (fleet.installed().config().main().logRotate() != null) {
            look();
        }
    }

    private void look() {
        LogRotateConfig config = fleet.installed().config().main().logRotate();
        if (config == null) {
            return;
        }
        next = timers.afterMs(LOOK_MS, this::look);
        if (!answersForFiles.getAsBoolean()) {
            return;
        }
        List<String> failures = new ArrayList<>();
        List<String> rotated = rotation.rotate(config,
                LogFiles.of(fleet.installed().config()), clock.nowMs(), failures);
        failures.forEach(failure -> log.log(Level.ERROR, failure));
        if (!rotated.isEmpty()) {
            reopen();
            log.log(Level.NOTICE, "logs rotated: " + String.join(", ", rotated));
        }
    }

    /** All processes of this master open their files again. */
    void reopen() {
        Generation now = fleet.installed();
        if (now != null) {
            for (String failure : LogFiles.prepare(LogFiles.of(now.config()), now.account())) {
                log.log(Level.ERROR, failure);
            }
        }
        log.reopen();
        fleet.reopenLogs();
    }
}
