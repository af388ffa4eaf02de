package dev.sluice.common.config;

import java.util.List;

/**
 * Who may come to a location. Of the rules the first that matches a client's address decides; what
 * none matches is admitted. Written at boot, then read-only.
 *
 * @param satisfyAny whether it suffices that one kind of check lets a request in
 * @param authRequest null without
 * @param users who are asked for their passwords, at {@code [admin]}; none elsewhere
 */
public record AccessConfig(List<AccessRule> rules, boolean satisfyAny,
        AuthRequestConfig authRequest, List<AdminUser> users) {

    /** Anybody. */
    public static final AccessConfig OPEN = new AccessConfig(List.of(), false, null, List.of());

    public AccessConfig {
        rules = List.copyOf(rules);
        users = List.copyOf(users);
    }

    /** Whether nothing is asked of anybody, but by modules. */
    public boolean admitsAll() {
        return rules.isEmpty() && authRequest == null && users.isEmpty();
    }
}
