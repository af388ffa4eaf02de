package dev.sluice.module;

/** What a module gets from the worker that opens it. Its methods are for {@code open} only. */
public interface ModuleContext {

    /** Whether this is only a check ({@code sluice -t}): no socket, no thread, no writing. */
    boolean dryRun();

    /** The name of the module, as its manifest and the configuration have it. */
    String name();

    /** The keys of {@code [module NAME]}; the defaults when there is no such section. */
    Settings settings();

    /** The worker's error log, each line with the name of the module; any thread may use it. */
    ModuleLog log();

    /**
     * Makes a place for a value that hooks keep with a request.
     *
     * @param <T> what is kept there
     */
    <T> Slot<T> slot();

    /**
     * Compiles a text with variables, as in the configuration: {@code "$remote_addr $host"}.
     *
     * @throws ModuleException a variable is not known, or the text is not well-formed
     */
    Text text(String template) throws ModuleException;
}
