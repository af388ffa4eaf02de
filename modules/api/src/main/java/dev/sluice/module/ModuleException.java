package dev.sluice.module;

/**
 * Settings that a module cannot use, in words for the operator: an error of {@code sluice -t}, and
 * the end of a start or a reload. It has no stack.
 */
public final class ModuleException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String help;

    /** @param message what is wrong, in lower case and without a full stop */
    public ModuleException(String message) {
        this(message, null);
    }

    /**
     * @param message what is wrong, in lower case and without a full stop
     * @param help the cure; null when the message says enough
     */
    public ModuleException(String message, String help) {
        super(message, null, false, false);
        this.help = help;
    }

    /** The cure; null without any. */
    public String help() {
        return help;
    }
}
