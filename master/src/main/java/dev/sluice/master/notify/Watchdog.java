package dev.sluice.master.notify;

import java.util.Map;

/** When systemd's watchdog is to be fed. Owner: master loop. */
final class Watchdog {

    private static final long NS_PER_US = 1_000;

    /** 0 without a watchdog. */
    private final long periodNs;

    private long answeredNs;
    private long fedNs;

    private Watchdog(long periodNs, long nowNs) {
        this.periodNs = periodNs;
        this.answeredNs = nowNs;
        this.fedNs = nowNs - periodNs;
    }

    /** From WATCHDOG_USEC, unless WATCHDOG_PID says that another process is meant. */
    static Watchdog of(Map<String, String> environment, long pid, long nowNs) {
        String meant = environment.getOrDefault("WATCHDOG_PID", "");
        String period = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean ours = meant.isEmpty() || meant.equals(Long.toString(pid));
        return new Watchdog(
                ours && period.matches("[0-9]{1,15}") ? Long.parseLong(period) * NS_PER_US : 0,
                nowNs);
    }

    /** A worker has shown that it lives. */
    void answered(long nowNs) {
        answeredNs = nowNs;
    }

    /**
     * Whether to feed it now: twice in a period, as long as an answer is younger than one. It may
     * be asked more often.
     */
    boolean due(long nowNs) {
        if (periodNs == 0 || nowNs - fedNs < periodNs / 2 - periodNs / 8
                || nowNs - answeredNs >= periodNs) {
            return false;
        }
        fedNs = nowNs;
        return true;
    }
}
