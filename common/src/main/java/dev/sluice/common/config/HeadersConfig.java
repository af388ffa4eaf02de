package dev.sluice.common.config;

import java.util.List;

/**
 * What a location changes about the fields of its answers. Written at boot, then read-only.
 *
 * @param add beside what is there
 * @param set in place of what is there; an empty value only removes
 * @param charset null where answers say what they do by themselves
 * @param cors null where no other origin is allowed anything
 */
public record HeadersConfig(List<HeaderRule> add, List<HeaderRule> set, ExpiresConfig expires,
        CharsetConfig charset, CorsConfig cors, HttpsConfig https) {

    public HeadersConfig {
        add = List.copyOf(add);
        set = List.copyOf(set);
    }
}
