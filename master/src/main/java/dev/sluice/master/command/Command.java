package dev.sluice.master.command;

import java.util.Locale;

/** What {@code -s} can ask for. The word on the command line is the word on the socket. */
public enum Command {
    /** Load the configuration and put it into service; as HUP. */
    RELOAD,
    /** End now; as INT. */
    STOP,
    /** Finish what runs, then end; as TERM. */
    QUIT,
    /** Open the log files again by name; as USR1. */
    REOPEN,
    /** Start the program anew as it is on disk, and hand everything over to it. */
    UPGRADE,
    /** Say which workers there are and what they do. */
    STATUS;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The command of this word, or null. */
    public static Command of(String word) {
        for (Command command : values()) {
            if (command.word().equals(word)) {
                return command;
            }
        }
        return null;
    }
}
