package dev.sluice.worker.module;

/**
 * A hook's module and phase, for lines of the log. Written at boot, then read-only.
 *
 * @param phase as the API calls it, in lower case
 */
record HookPlace(String module, String phase) {

    @Override
    public String toString() {
        return "module " + module + " (" + phase + ")";
    }
}
