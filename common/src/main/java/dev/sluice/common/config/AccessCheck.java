package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.List;

/** Resolves who may come to what a section describes. Stateless. */
final class AccessCheck {

    private AccessCheck() {
    }

    static AccessConfig check(Scope scope) {
        return new AccessConfig(rules(scope));
    }

    /** Both keys make one list: what matters is which of them comes first. */
    private static List<AccessRule> rules(Scope scope) {
        Scope holder = scope.nearestOf(AccessKeys.ALLOW, AccessKeys.DENY);
        if (holder == null) {
            return List.of();
        }
        List<AccessRule> rules = new ArrayList<>();
        for (Setting<?> setting : holder.settings()) {
            boolean allow = setting.key() == AccessKeys.ALLOW;
            if (setting.parsed() != null && (allow || setting.key() == AccessKeys.DENY)) {
                for (Object network : (List<?>) setting.parsed()) {
                    rules.add(new AccessRule(allow, (String) network));
                }
            }
        }
        return closed(rules);
    }

    /** Who only lists those who may come means nobody else. */
    static List<AccessRule> closed(List<AccessRule> rules) {
        List<AccessRule> closed = new ArrayList<>(rules);
        if (rules.stream().allMatch(AccessRule::allow)) {
            closed.add(new AccessRule(false, AccessRule.ALL));
        }
        return closed;
    }

    /** The list of the address for operators. */
    static AccessConfig allowing(List<String> networks) {
        return new AccessConfig(closed(networks.stream()
                .map(network -> new AccessRule(true, network)).toList()));
    }
}
