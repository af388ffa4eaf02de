package dev.sluice.master.signal;

/** The signals that mean something to the master. The JVM keeps QUIT and USR2 for itself. */
public enum MasterSignal {
    /** Reload. */
    HUP(1),
    /** Finish what runs, then end. */
    TERM(15),
    /** End now. */
    INT(2),
    /** Open the log files again by name. */
    USR1(10),
    /** Drain the workers, keep the master and its sockets. */
    WINCH(28);

    private final int number;

    MasterSignal(int number) {
        this.number = number;
    }

    /** As in signal(7), for Linux on x86 and ARM. */
    public int number() {
        return number;
    }
}
