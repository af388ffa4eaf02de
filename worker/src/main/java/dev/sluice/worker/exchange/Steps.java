package dev.sluice.worker.exchange;

/** Told of each step of an exchange whose client is watched. Owner: event loop. */
public interface Steps {

    /**
     * What has happened, in lower case, and to what.
     *
     * @param to more about it; null for nothing
     */
    void step(Exchange x, String what, String to);
}
