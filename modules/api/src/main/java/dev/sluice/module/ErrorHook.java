package dev.sluice.module;

/** Has a say in errors that Sluice itself answers. On the event loop; must not block. */
@FunctionalInterface
public interface ErrorHook {

    /**
     * @param exchange valid until return, and on this thread only; {@code $upstream_error} and
     *     {@code $termination} of a {@link Text} tell the reason
     * @param status what it is about to be answered with, 400 or above
     * @return {@link Verdict#NEXT} for the location's own page; not a {@link Verdict.Suspend}
     */
    Verdict onError(HttpExchange exchange, int status) throws Exception;
}
