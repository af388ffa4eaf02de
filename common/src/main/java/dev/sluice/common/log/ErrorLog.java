package dev.sluice.common.log;

/**
 * Where a process says what went wrong. No method throws and none reports failure: a log that
 * cannot be written must not change what the process does. Whether a call may wait for the disk
 * is the implementation's to say.
 */
public interface ErrorLog {
    /** Says nothing, for tests and for tools. */
    ErrorLog NONE =
            new ErrorLog() {
                @Override
                public boolean enabled(Level level) {
                    return false;
                }

                @Override
                public void log(Level level, String line) {}

                @Override
                public void reopen() {}
            };

    /** Whether a line of this level would be written; ask before building an expensive one. */
    boolean enabled(Level level);

    /**
     * Writes one line: what happened, in lower case, without a full stop or a line end. Control
     * characters come out as {@code \xNN}, so that a text from outside cannot forge a line.
     */
    void log(Level level, String line);

    /** The same whatever the level of the log is: somebody has asked for this line. */
    default void logAlways(Level level, String line) {
        log(level, line);
    }

    /** Opens the file again by its name, after something renamed it. */
    void reopen();
}
