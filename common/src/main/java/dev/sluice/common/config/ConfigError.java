package dev.sluice.common.config;

/**
 * One thing wrong with the configuration: where, what, and the cure. The cure is null when there
 * is nothing to say beyond the message. Written at boot, then read-only.
 */
public record ConfigError(SourceLine at, String message, String help) {

    /** The two lines an operator reads, as an error. */
    public String asError() {
        return lines("error");
    }

    /** The same as a warning: the configuration is used all the same. */
    public String asWarning() {
        return lines("warn");
    }

    private String lines(String level) {
        String where = at.line() > 0 ? at.file() + ":" + at.line() : at.file();
        String first = "sluice: [" + level + "] " + where + ": " + message;
        return help == null ? first : first + "\n        help: " + help;
    }
}
