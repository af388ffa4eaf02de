package dev.sluice.master.signal;

/** The signals that mean something to the master. The JVM keeps QUIT and USR2 for itself. */
public enum MasterSignal {
    /** Reload. */
    HUP,
    /** Finish what runs, then end. */
    TERM,
    /** End now. */
    INT,
    /** Open the log files again by name. */
    USR1,
    /** Drain the workers, keep the master and its sockets. */
    WINCH
}
