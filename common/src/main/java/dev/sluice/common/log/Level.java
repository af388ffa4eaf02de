package dev.sluice.common.log;

import java.util.Locale;

/** How much a line of the error log matters, least first. Stateless. */
public enum Level {
    DEBUG,
    INFO,
    NOTICE,
    WARN,
    ERROR;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The level of a word of the configuration, which the configuration has checked. */
    public static Level of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** The word of the configuration and of the log line. */
    public String label() {
        return label;
    }

    /** Whether a line of this level is written by a log that is set to {@code least}. */
    public boolean reaches(Level least) {
        return ordinal() >= least.ordinal();
    }
}
