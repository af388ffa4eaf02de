package dev.sluice.module;

/** Decides about a request on the event loop; must not block. */
@FunctionalInterface
public interface RequestHook {

    /**
     * @param exchange valid until return, and on this thread only
     * @return what is to be done; never null
     */
    Verdict onRequest(HttpExchange exchange) throws Exception;
}
