package dev.sluice.module;

/** A drop-in module, made once per worker by {@link java.util.ServiceLoader}. */
public interface SluiceModule {

    /**
     * The name by which the configuration and the logs speak of this module.
     *
     * @return lower-case letters, digits and underscores; unique among the modules of one server,
     *     and the same at every call
     */
    String name();
}
