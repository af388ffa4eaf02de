package dev.sluice.worker.loop;

import dev.sluice.common.log.ErrorLog;
import dev.sluice.common.log.Level;
import java.util.function.BiConsumer;

/**
 * An error log that gives each line to a test, on the thread that says it.
 *
 * @param from the level of the least urgent line that is given
 */
public record ErrorLines(Level from, BiConsumer<Level, String> to) implements ErrorLog {

    /** Those of each level. */
    public ErrorLines(BiConsumer<Level, String> to) {
        this(Level.DEBUG, to);
    }

    @Override
    public boolean enabled(Level level) {
        return level.compareTo(from) >= 0;
    }

    @Override
    public void log(Level level, String line) {
        to.accept(level, line);
    }

    @Override
    public void reopen() {
        // There is no file.
    }
}
