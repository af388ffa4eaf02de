package dev.sluice.common.config;

import java.util.List;

/**
 * What a request must be for a location, beside its path. No methods means all of them; all
 * conditions must hold. Written at boot, then read-only.
 */
public record RouteConfig(
        List<String> methods, List<ConditionConfig> conditions, boolean internal) {

    /** Any request will do. */
    public static final RouteConfig ANY = new RouteConfig(List.of(), List.of(), false);

    public RouteConfig {
        methods = List.copyOf(methods);
        conditions = List.copyOf(conditions);
    }
}
