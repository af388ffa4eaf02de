package dev.sluice.worker.balance;

/** Chooses among candidates. One instance belongs to one group of peers. Owner: event loop. */
public interface Balancer {

    /** No candidate can be used. */
    int NONE = -1;

    /**
     * @param key hash of what the request is balanced by; 0 where the method needs none
     * @return index of the candidate to use, or {@link #NONE}; allocates nothing
     */
    int pick(Candidates among, long key);
}
