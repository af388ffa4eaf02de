package dev.sluice.worker.exchange;

/** Has counted an exchange as in progress, and is told when it no longer is. */
public interface Holder {

    /** Takes itself out of the exchange. On the loop, once. */
    void release(Exchange x);
}
