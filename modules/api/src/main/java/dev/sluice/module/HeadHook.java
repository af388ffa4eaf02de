package dev.sluice.module;

/** Changes a head that is about to be sent. On the event loop; must not block. */
@FunctionalInterface
public interface HeadHook {

    /** @param exchange and {@code fields}: valid until return, and on this thread only */
    void onHead(HttpExchange exchange, HeadFields fields) throws Exception;
}
