package dev.sluice.common.config;

import java.util.Map;
import java.util.Set;

/**
 * Values of a module's keys in one place of the configuration, typed as its key table says.
 * Written at boot, then read-only.
 *
 * @param values by key, defaults filled in; a key without either is not there
 * @param given the keys that the configuration gives, here or around
 */
public record ModuleSettings(Map<String, Object> values, Set<String> given) {

    public ModuleSettings {
        values = Map.copyOf(values);
        given = Set.copyOf(given);
    }
}
