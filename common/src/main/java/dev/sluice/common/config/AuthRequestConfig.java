package dev.sluice.common.config;

import java.util.List;

/**
 * Another location decides who may come. Written at boot, then read-only.
 *
 * @param uri path of that location, with variables; null when there is none
 */
public record AuthRequestConfig(String uri, List<Assignment> assignments) {

    /** {@code off}: ends what an outer section asks for. */
    public static final AuthRequestConfig OFF = new AuthRequestConfig(null, List.of());

    public AuthRequestConfig {
        assignments = List.copyOf(assignments);
    }

    /** A variable, without its dollar sign, and the template of its value. */
    public record Assignment(String name, String value) {}
}
