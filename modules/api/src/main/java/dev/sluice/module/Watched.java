package dev.sluice.module;

/**
 * What a file said when it could be read last; see {@link ModuleContext#watch}. Belongs to the
 * thread of the event loop. Good as long as the instance.
 *
 * @param <T> what its reader gives
 */
public interface Watched<T> {

    /** The same object until the file has been read anew; null while it never could be. */
    T get();
}
