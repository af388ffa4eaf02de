package dev.sluice.common.config;

/**
 * A value that its key cannot take. Thrown and caught while a file is checked, so that each parser
 * reports the first thing wrong with its value and the check goes on with the next one.
 */
final class BadValue extends Exception {

    private static final long serialVersionUID = 1L;

    private final String help;

    BadValue(String message) {
        this(message, null);
    }

    BadValue(String message, String help) {
        super(message, null, false, false);
        this.help = help;
    }

    /** The cure, or null when the form of the value says enough. */
    String help() {
        return help;
    }

    static BadValue notSupported(String what) {
        return new BadValue("\"" + what + "\" is not supported", "leave it out");
    }

    static BadValue outOfRange(String written, String range) {
        return new BadValue("\"" + written + "\" is out of range", "expected " + range);
    }
}
