package dev.sluice.master;

import dev.sluice.master.notify.SystemdNotify;

/**
 * The master. Owner: master loop.
 *
 * <pre>
 *             first generation serves        HUP
 *  STARTING ─────────────────────► RUNNING ───────► RELOADING
 *     │                             │  ▲  ◄────────────┘ │
 *     │                       WINCH │  │ done, rolled    │ WINCH
 *     │                             ▼  │ back, refused   │
 *     │                           RESTING ◄──────────────┘
 *     │ failed,                     │  HUP: to RELOADING, and back when it fails
 *     │ INT, TERM                   │
 *     │             TERM from RUNNING, RELOADING, RESTING ──► DRAINING
 *     │      -s upgrade: RUNNING ──► UPGRADING, back when rolled back, else ──► DRAINING
 *     │             INT  from the same and from DRAINING  ──► STOPPING
 *     └──────────────────────────────────────────────────►    │
 *                       DRAINING, STOPPING: the last worker exited ──► STOPPED (absorbs)
 * </pre>
 */
enum MasterState {
    /** Exactly until the first generation serves. */
    STARTING,
    /** One generation has the slots; older ones may be draining. */
    RUNNING,
    /** The file is being read, or a new generation warms up while the old one serves. */
    RELOADING,
    /** The program that is to replace this master starts; the workers serve on. */
    UPGRADING,
    /** No worker serves, on request; the sockets are held and fill their queues. */
    RESTING,
    /** The sockets are closed; workers finish what runs. */
    DRAINING,
    /** The sockets are closed; workers were told to exit. */
    STOPPING,
    /** No worker is left; the master ends. */
    STOPPED;

    /** Whether the diagram has an arrow from here to there. */
    boolean mayBecome(MasterState next) {
        return switch (this) {
            case STARTING -> next == RUNNING || next == STOPPING;
            case RUNNING ->
                    next == RELOADING || next == UPGRADING || next == RESTING
                            || next == DRAINING || next == STOPPING;
            case RELOADING ->
                    next == RUNNING || next == RESTING || next == DRAINING || next == STOPPING;
            case UPGRADING -> next == RUNNING || next == DRAINING || next == STOPPING;
            case RESTING -> next == RELOADING || next == DRAINING || next == STOPPING;
            case DRAINING -> next == STOPPING || next == STOPPED;
            case STOPPING -> next == STOPPED;
            case STOPPED -> false;
        };
    }

    /** What of it concerns systemd. */
    SystemdNotify.Phase phase() {
        return switch (this) {
            case STARTING -> SystemdNotify.Phase.STARTING;
            case RUNNING, UPGRADING -> SystemdNotify.Phase.SERVING;
            case RELOADING -> SystemdNotify.Phase.RELOADING;
            case RESTING -> SystemdNotify.Phase.RESTING;
            case DRAINING, STOPPING, STOPPED -> SystemdNotify.Phase.ENDING;
        };
    }

    /** Whether the master is on its way out. */
    boolean ending() {
        return this == DRAINING || this == STOPPING || this == STOPPED;
    }
}
