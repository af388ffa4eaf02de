package dev.sluice.common.log;

/** Says a defect of this program in the error log: one line for each frame. Stateless. */
public final class StackTraces {

    private static final int CAUSES_MAX = 8;

    private StackTraces() {
    }

    /** Writes {@code what}, then the exception, its frames and its causes. */
    public static void log(ErrorLog log, String what, Throwable defect) {
        log.log(Level.ERROR, what + ": " + defect);
        Throwable one = defect;
        for (int i = 0; one != null && i < CAUSES_MAX; i++) {
            if (i > 0) {
                log.log(Level.ERROR, "  caused by " + one);
            }
            for (StackTraceElement frame : one.getStackTrace()) {
                log.log(Level.ERROR, "    at " + frame);
            }
            one = one.getCause();
        }
    }
}
