package dev.sluice.module;

/**
 * A drop-in module: what {@link java.util.ServiceLoader} makes of the jar's provider. It needs a
 * public constructor without parameters and keeps nothing itself; all state belongs to what {@link
 * #open} gives.
 *
 * <p>Its name, version and keys are not asked of it: they stand in the manifest and in {@code
 * META-INF/sluice/keys.ini} of its jar, which are read before any of its classes is loaded.
 */
public interface SluiceModule {

    /**
     * Opens the module for one generation of the configuration. It is called once in each worker,
     * and by {@code sluice -t}; with {@link ModuleContext#dryRun} nothing may be opened that others
     * notice: no socket, no thread, no file for writing.
     *
     * @param context lives as long as the instance
     * @throws ModuleException the settings of {@code [module NAME]} cannot be used; the worker does
     *     not start then, and the generation before goes on
     */
    ModuleInstance open(ModuleContext context) throws ModuleException;
}
