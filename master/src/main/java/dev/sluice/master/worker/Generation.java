package dev.sluice.master.worker;

import dev.sluice.common.config.HandedFiles;
import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.zones.ZonePlan;
import dev.sluice.common.zones.ZoneSpec;
import dev.sluice.master.system.Account;
import java.nio.file.Path;
import java.util.List;

/**
 * One configuration and the workers started from it. Written when a reload begins, then read-only.
 *
 * @param number counted from 1 by this master
 * @param zones the shared state its workers use
 * @param file its image, which the workers read
 * @param files what its workers need and may not read themselves
 * @param jvmFlags of the operator, for its workers
 * @param account whom the workers run as, or null for the master's own user
 */
public record Generation(
        int number,
        SluiceConfig config,
        List<ZoneSpec> zones,
        Path file,
        HandedFiles files,
        List<String> jvmFlags,
        Account account) {

    public Generation(
            int number,
            SluiceConfig config,
            Path file,
            HandedFiles files,
            List<String> jvmFlags,
            Account account) {
        this(number, config, ZonePlan.of(config), file, files, jvmFlags,
                account);
    }

    /** The same, whose files have changed. */
    Generation with(HandedFiles renewed) {
        return new Generation(number, config, zones, file, renewed, jvmFlags,
                account);
    }

    /** One per slot. */
    public int workerCount() {
        return config.main().workers();
    }

    public List<String> listenKeys() {
        return config.listenAddresses().stream().map(ListenConfig::key).toList();
    }

    /** What a draining worker has not finished after this time is cut; 0 waits for ever. */
    public long shutdownTimeoutMs() {
        return config.main().workerShutdownTimeoutMs();
    }
}
