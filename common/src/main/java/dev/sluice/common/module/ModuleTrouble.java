package dev.sluice.common.module;

/** A module that cannot be used, in one line for the operator. */
public final class ModuleTrouble extends Exception {

    private static final long serialVersionUID = 1L;

    private final String help;

    ModuleTrouble(String message, String help, Throwable cause) {
        super(message, cause);
        this.help = help;
    }

    /** The cure; null without any. */
    public String help() {
        return help;
    }
}
