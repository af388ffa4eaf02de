package dev.sluice.worker.balance;

/** The peers among which a balancer chooses, by index. Owner: event loop. */
public interface Candidates {

    /** Fixed for the life of the balancer. */
    int count();

    /** At least 1; compared with the others' only. */
    int weight(int index);

    /** Requests under way. */
    int inFlight(int index);

    /** How long answers take at present, in nanoseconds; 0 when that is not known. */
    long latencyNs(int index);

    /** What an operator calls it. */
    String name(int index);

    /** Whether this one may be chosen now. */
    boolean usable(int index);
}
