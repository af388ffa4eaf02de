package dev.sluice.common.log;

import java.util.Locale;

/** How much a line of the error log matters, least first. Stateless. */
public enum Level {
    DEBUG,
    INFO,
    NOTICE,
    WARN,
    ERROR;

    private static final int DEBUG_SEVERITY = 7;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The level of a word of the configuration, which the configuration has checked. */
    public static Level of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** The word of the configuration and of the log line. */
    public String label() {
        return label;
    }

    /** 3 for an error, 7 for debug: RFC 5424 §6.2.1, without its 0 to 2. */
    public int severity() {
        return DEBUG_SEVERITY - ordinal();
    }

    /** Whether a line of this level is written by a log that is set to {@code least}. */
    public boolean reaches(Level least) {
        return ordinal() >= least.ordinal();
    }
}
