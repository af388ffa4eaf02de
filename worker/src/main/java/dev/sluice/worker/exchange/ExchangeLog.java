package dev.sluice.worker.exchange;

/** Told once of every exchange that has ended: the access log. */
public interface ExchangeLog {

    /** The exchange is complete and about to be recycled. Called on the loop; must not block. */
    void ended(Exchange x);
}
