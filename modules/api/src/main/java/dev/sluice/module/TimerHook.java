package dev.sluice.module;

/**
 * Does something again and again beside requests; see {@link ModuleContext#every}. On the event
 * loop; must not block. One that throws has failed, which is logged and counted, and is called
 * again; ten failures within ten seconds, and it is left alone for ten.
 */
@FunctionalInterface
public interface TimerHook {

    void onTime() throws Exception;
}
