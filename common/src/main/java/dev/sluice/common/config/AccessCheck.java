package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.List;

/** Resolves who may come to what a section describes. Owner: the loading thread. */
final class AccessCheck {

    private final Inherited<AccessConfig> inherited;

    AccessCheck() {
        this.inherited = new Inherited<>(AccessKeys.ALL);
    }

    AccessConfig check(Scope scope) {
        AccessConfig shared = inherited.of(scope);
        return shared != null ? shared : inherited.keep(scope, checkNow(scope));
    }

    private AccessConfig checkNow(Scope scope) {
        return new AccessConfig(rules(scope),
                scope.value(AccessKeys.SATISFY) == AccessTypes.Satisfy.ANY, authRequest(scope),
                List.of());
    }

    private static AuthRequestConfig authRequest(Scope scope) {
        String uri = scope.given(AccessKeys.AUTH_REQUEST);
        if (uri == null || uri.equals(AccessTypes.OFF)) {
            return null;
        }
        Scope holder = scope.nearest(AccessKeys.AUTH_REQUEST_SET);
        return new AuthRequestConfig(uri, holder == null ? List.of()
                : holder.ownValues(AccessKeys.AUTH_REQUEST_SET));
    }

    /** Both keys make one list: what matters is which of them comes first. */
    private static List<AccessRule> rules(Scope scope) {
        Scope holder = scope.nearestOf(AccessKeys.ALLOW, AccessKeys.DENY);
        return holder == null ? List.of() : ownRules(holder);
    }

    /** Those of this section alone, which has some. */
    static List<AccessRule> ownRules(Scope holder) {
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

    /** Who may come to the address for operators. */
    static AccessConfig allowing(List<String> networks, List<AdminUser> users) {
        return new AccessConfig(closed(networks.stream()
                .map(network -> new AccessRule(true, network)).toList()), false, null, users);
    }
}
