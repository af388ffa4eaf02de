package dev.sluice.worker.dns;

import java.net.InetAddress;
import java.util.List;

/**
 * What a server said to one question. Immutable.
 *
 * @param outcome whether there are records
 * @param ttlS the least time to live of the records used, in seconds; 0 without any
 * @param addresses answers to A and AAAA
 * @param services answers to SRV
 * @param alias where a chain of aliases ended without a record; null when it did not
 * @param reason for the error line when there are no records
 */
record Reply(Outcome outcome, long ttlS, List<InetAddress> addresses, List<Service> services,
        String alias, String reason) {

    /** What is known after a question. */
    enum Outcome {
        /** There are records, or an alias whose records have to be asked for. */
        FOUND,
        /** The name does not exist, or has no record of this type (RFC 2308). */
        NONE,
        /** No server gave an answer that can be used. */
        FAILED
    }

    /** One SRV record (RFC 2782). */
    record Service(int priority, int weight, int port, String target) {}

    static Reply addresses(List<InetAddress> found, long ttlS) {
        return new Reply(Outcome.FOUND, ttlS, found, List.of(), null, null);
    }

    static Reply services(List<Service> found, long ttlS) {
        return new Reply(Outcome.FOUND, ttlS, List.of(), found, null, null);
    }

    static Reply alias(String target, long ttlS) {
        return new Reply(Outcome.FOUND, ttlS, List.of(), List.of(), target, null);
    }

    static Reply none(String reason) {
        return new Reply(Outcome.NONE, 0, List.of(), List.of(), null, reason);
    }

    static Reply failed(String reason) {
        return new Reply(Outcome.FAILED, 0, List.of(), List.of(), null, reason);
    }
}
