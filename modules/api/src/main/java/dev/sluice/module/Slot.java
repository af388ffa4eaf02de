package dev.sluice.module;

/**
 * A place for one value in every request, empty when the request begins and emptied when it ends.
 * Made by {@link ModuleContext#slot}, read and written through {@link HttpExchange},
 * so on the event loop only, and in exchanges of the same instance.
 *
 * @param <T> what is kept there
 */
public interface Slot<T> {
}
