package dev.sluice.module;

/** Hears of exchanges that have ended. On the event loop; must not block. */
@FunctionalInterface
public interface LogHook {

    /** @param exchange valid until return, and on this thread only */
    void onEnd(HttpExchange exchange) throws Exception;
}
