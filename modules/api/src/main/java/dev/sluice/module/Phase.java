package dev.sluice.module;

/** When a {@link RequestHook} is asked. Within a phase, modules are asked in their order. */
public enum Phase {
    /** The location is found; before limits, and before anybody is asked who he is. */
    PREACCESS,
    /** Behind limits, addresses, passwords and tokens: who comes here may come. */
    ACCESS,
    /** In the place of the location's own content. */
    CONTENT
}
