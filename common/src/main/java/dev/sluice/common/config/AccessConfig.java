package dev.sluice.common.config;

import java.util.List;

/**
 * Who may come to a location. The first rule that matches a client's address decides; what none
 * matches is admitted. Written at boot, then read-only.
 */
public record AccessConfig(List<AccessRule> rules) {

    /** Anybody. */
    public static final AccessConfig OPEN = new AccessConfig(List.of());

    public AccessConfig {
        rules = List.copyOf(rules);
    }
}
