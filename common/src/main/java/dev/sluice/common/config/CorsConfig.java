package dev.sluice.common.config;

import java.util.List;

/**
 * Which other origins may use a location from a browser. Written at boot, then read-only.
 *
 * @param origins as browsers write them ({@code https://example.com:8443}); expressions begin with
 *     a tilde; {@code *} alone stands for everybody
 * @param methods that a preflight permits; {@code *} for all
 * @param headers fields of requests that a preflight permits; {@code *} for all
 * @param expose fields of answers that scripts may read; {@code *} for all
 * @param maxAgeMs how long a browser may keep the answer to a preflight
 */
public record CorsConfig(
        List<String> origins,
        List<String> methods,
        List<String> headers,
        List<String> expose,
        boolean credentials,
        long maxAgeMs) {

    /** Everybody or everything. */
    public static final String ANY = "*";
    /** Begins an expression among the origins. */
    public static final String REGEX = "~";

    public CorsConfig {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        expose = List.copyOf(expose);
    }

    public boolean isForEverybody() {
        return origins.contains(ANY);
    }
}
