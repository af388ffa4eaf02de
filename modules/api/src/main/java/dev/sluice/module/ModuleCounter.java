package dev.sluice.module;

/**
 * A counter of the module, summed over all workers in {@code sluice_module_counter_total}. Belongs
 * to the thread of the event loop: other threads hand their numbers to a hook.
 */
public interface ModuleCounter {

    /** @param count zero or more */
    void add(long count);
}
