package dev.sluice.module;

/**
 * The peers of an upstream, by place, as they are now; lent to a {@link PeerChooser} for one call,
 * and dead afterwards ({@link IllegalStateException}). Backup peers are asked about only while no
 * other one can be used.
 */
public interface Peers {

    /** How many there are; the same in every call for these peers. */
    int count();

    /** Whether this one may be chosen now: it is up, has room, and was not tried yet. */
    boolean usable(int place);

    /** As configured, at least 1; less while a peer starts slowly. */
    int weight(int place);

    /** Requests of this worker under way. */
    int inFlight(int place);

    /** How long answers take at present, in nanoseconds; 0 when that is not known. */
    long latencyNs(int place);

    /** As in the configuration: {@code 10.0.0.7:8080}; of a name, the address it stands for. */
    String name(int place);
}
