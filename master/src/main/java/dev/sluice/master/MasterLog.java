package dev.sluice.master;

import dev.sluice.common.config.ErrorLogConfig;
import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import dev.sluice.common.log.SyncErrorLog;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The error log of the configuration that serves: a reload may name another file or level. Owner:
 * master loop for {@link #use} and {@link #reopen}; any thread may log.
 */
final class MasterLog implements ErrorLog {

    private ErrorLogConfig config;
    private final AtomicReference<SyncErrorLog> log;

    MasterLog(ErrorLogConfig config) throws IOException {
        this.config = config;
        this.log = new AtomicReference<>(open(config));
    }

    private static SyncErrorLog open(ErrorLogConfig config) throws IOException {
        return new SyncErrorLog(config.path(), Level.of(config.level()), config.json());
    }

    /** Goes over to another log; the old one stays when that cannot be opened. */
    void use(ErrorLogConfig next) {
        if (next.equals(config)) {
            return;
        }
        try {
            SyncErrorLog old = log.getAndSet(open(next));
            config = next;
            old.close();
        } catch (IOException failed) {
            log(Level.ERROR, "cannot open error log " + next.path() + ": " + failed.getMessage());
        }
    }

    boolean isStderr() {
        return config.path().equals(SyncErrorLog.STDERR);
    }

    @Override
    public boolean enabled(Level level) {
        return log.get().enabled(level);
    }

    @Override
    public void log(Level level, String line) {
        log.get().log(level, line);
    }

    @Override
    public void reopen() {
        log.get().reopen();
    }
}
