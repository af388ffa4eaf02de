package dev.sluice.worker.exchange;

/** The {@code error_page} rules of a location, compiled at boot. */
public interface ErrorPages {

    /**
     * Answers a status with its page. Called before anything of the answer has been written.
     *
     * @return false when there is no page for this status: the built-in one is to be sent
     */
    boolean answer(Exchange x, int status);

    /** Whether there is a page for this status. */
    boolean has(int status);
}
