package dev.sluice.module;

/**
 * An opened module of one worker. Its life: {@link #install} for every location, {@link #start},
 * requests, {@link #drain}, {@link #close}. Under {@code sluice -t} only install and close.
 *
 * <p>All methods are called on the thread of the worker's event loop (under {@code -t} on the main
 * thread), none while another runs.
 */
@FunctionalInterface
public interface ModuleInstance extends AutoCloseable {

    /**
     * Registers the hooks of one location. A module that registers nothing costs requests of that
     * location nothing. It is called for the locations of the file, and for what each server does
     * where no location matches.
     *
     * @throws ModuleException the settings of this location cannot be used
     */
    void install(Route route, Hooks hooks) throws ModuleException;

    /** Everything is installed; the worker is about to be ready. Threads may be started here. */
    default void start() {
        // Most modules have nothing to start.
    }

    /** No new connection comes; requests under way still call hooks. */
    default void drain() {
        // Most modules have nothing to hurry.
    }

    /** No hook is called any more. Not called when the worker is killed. */
    @Override
    default void close() {
        // Most modules hold nothing.
    }
}
