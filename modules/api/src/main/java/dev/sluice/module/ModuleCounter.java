package dev.sluice.module;

/**
 * A counter of the module, summed over all workers in {@code sluice_module_counter_total}. Belongs
 * to the thread of the event loop, on any other it throws {@link IllegalStateException}: other
 * threads hand their numbers to a hook. Good as long as the instance.
 */
public interface ModuleCounter {

    /** @param count zero or more */
    void add(long count);
}
