package dev.sluice.common.config;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.SectionTree.LocationScope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks what leads to a location and what a location says of its way: conditions, names of other
 * locations, parameters of its path. Owner: the loading thread.
 */
final class RouteCheck {

    private final Problems problems;
    /** By the name of the server. */
    private final Map<String, Set<String>> named = new HashMap<>();

    RouteCheck(Problems problems, List<LocationScope> locations) {
        this.problems = problems;
        for (LocationScope location : locations) {
            if (location.match() == Match.NAMED) {
                named.computeIfAbsent(location.server(), k -> new TreeSet<>())
                        .add(location.pattern());
            }
        }
    }

    /** For a section that has a path: a location, or a server for what no location matches. */
    RouteConfig check(Scope scope, String server, Match match, String pattern) {
        checkNames(scope, server);
        if (scope.kind != SectionKind.LOCATION) {
            return RouteConfig.ANY;
        }
        if (match == Match.NAMED) {
            for (ConfigKey<?> key : RouteKeys.ALL) {
                if (scope.has(key)) {
                    problems.error(line(scope, key), "\"" + key.name() + "\" has no meaning in "
                            + scope.title(), "no client can ask for a named location");
                }
            }
            return RouteConfig.ANY;
        }
        if (match == Match.TEMPLATE) {
            checkParameters(scope, pattern);
        }
        List<String> methods = scope.ownValue(RouteKeys.METHODS);
        RouteConfig route = new RouteConfig(methods == null ? List.of() : methods,
                scope.ownValues(RouteKeys.WHEN), scope.value(RouteKeys.INTERNAL));
        return route.equals(RouteConfig.ANY) ? RouteConfig.ANY : route;
    }

    private static SourceLine line(Scope scope, ConfigKey<?> key) {
        return scope.own(key).getFirst().value().at();
    }

    /** A named location belongs to one server, so nothing around servers can lead to it. */
    void checkInherited(Scope http) {
        for (Setting<ErrorPageConfig> page : http.own(HttpKeys.ERROR_PAGE)) {
            if (page.parsed() != null && page.parsed().uri().startsWith("@")) {
                problems.error(page.value().at(), "\"error_page\": \"" + page.parsed().uri()
                        + "\" belongs to a server", "write it in [server NAME]");
            }
        }
    }

    private void checkNames(Scope scope, String server) {
        for (Setting<ErrorPageConfig> page : scope.own(HttpKeys.ERROR_PAGE)) {
            if (page.parsed() != null) {
                checkName(page, page.parsed().uri(), server);
            }
        }
        for (Setting<List<String>> files : scope.own(HttpKeys.TRY_FILES)) {
            if (files.parsed() != null) {
                checkName(files, files.parsed().getLast(), server);
            }
        }
    }

    private void checkName(Setting<?> setting, String target, String server) {
        Set<String> known = named.getOrDefault(server, Set.of());
        if (target.startsWith("@") && !known.contains(target)) {
            String nearest = Spelling.nearest(target, known);
            problems.error(setting.value().at(), "\"" + setting.key().name() + "\": there is no"
                    + " [location " + server + " " + target + "]", nearest == null
                    ? "add it" : "did you mean \"" + nearest + "\"?");
        }
    }

    /** Elsewhere {@code $path_NAME} may come from a location that has led there by rewrite. */
    private void checkParameters(Scope scope, String pattern) {
        for (Setting<?> setting : scope.settings()) {
            String text = setting.value().text();
            List<String> parameters = text.contains("path_")
                    ? PathTemplate.of(pattern).parameters() : List.of();
            for (int at = text.indexOf("path_"); at >= 0; at = text.indexOf("path_", at + 1)) {
                boolean variable = at > 0 && (text.charAt(at - 1) == '$'
                        || at > 1 && text.startsWith("${", at - 2));
                String name = variable ? KnownVariables.nameAt(text, at).substring(5) : "";
                if (!name.isEmpty() && !parameters.contains(name)) {
                    String nearest = Spelling.nearest(name, parameters);
                    problems.error(setting.value().at(), "\"" + setting.key().name()
                            + "\": there is no {" + name + "} in " + scope.title(),
                            nearest == null ? null : "did you mean \"$path_" + nearest + "\"?");
                }
            }
        }
    }
}
