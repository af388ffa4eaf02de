package dev.sluice.common.config;

import java.util.List;

/**
 * Who may come to a location. Of the rules the first that matches a client's address decides; what
 * none matches is admitted. Written at boot, then read-only.
 *
 * @param satisfyAny whether it suffices that one kind of check lets a request in
 * @param authRequest null without
 */
public record AccessConfig(List<AccessRule> rules, boolean satisfyAny,
        AuthRequestConfig authRequest) {

    /** Anybody. */
    public static final AccessConfig OPEN = new AccessConfig(List.of(), false, null);

    public AccessConfig {
        rules = List.copyOf(rules);
    }

    /** Whether nothing is asked of anybody, but by modules. */
    public boolean admitsAll() {
        return rules.isEmpty() && authRequest == null;
    }
}
