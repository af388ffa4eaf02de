package dev.sluice.worker.dns;

import java.net.InetAddress;
import java.util.List;

/**
 * What is known of a name after all that had to be asked was asked. Immutable.
 *
 * @param outcome whether there are targets
 * @param targets in the order of the answer, without repetition
 * @param ttlMs how long the answer may be used, before clamping
 * @param reason for the log when there are no targets
 */
public record Answer(Reply.Outcome outcome, List<Target> targets, long ttlMs, String reason) {

    /** More addresses of one name are not used. */
    static final int TARGETS_MAX = 256;

    /**
     * One address.
     *
     * @param port 0 when the answer names none
     * @param weight of the SRV record, 1 without
     * @param backup whether its SRV record has not the best priority
     */
    public record Target(InetAddress address, int port, int weight, boolean backup) {}

    public Answer {
        targets = List.copyOf(targets);
    }

    static Answer found(List<Target> targets, long ttlMs) {
        return new Answer(Reply.Outcome.FOUND, targets, ttlMs, null);
    }

    static Answer none(String reason) {
        return new Answer(Reply.Outcome.NONE, List.of(), 0, reason);
    }

    static Answer failed(String reason) {
        return new Answer(Reply.Outcome.FAILED, List.of(), 0, reason);
    }

    public boolean isFound() {
        return outcome == Reply.Outcome.FOUND;
    }
}
