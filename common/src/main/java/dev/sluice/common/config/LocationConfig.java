package dev.sluice.common.config;

import java.util.List;

/**
 * What one set of paths gets. No proxy and no return means static files; without connect there is
 * no tunnel for CONNECT; without coding answers stay as they are. An empty list of access logs
 * turns logging off. The settings for modules are in the order of those. Written at boot, then
 * read-only.
 */
public record LocationConfig(
        SourceLine at,
        String server,
        Match match,
        String pattern,
        StaticConfig statics,
        CodingConfig coding,
        ProxyConfig proxy,
        ConnectConfig connect,
        ReturnConfig ret,
        List<RewriteConfig> rewrites,
        HeadersConfig headers,
        List<ErrorPageConfig> errorPages,
        ClientConfig client,
        AccessConfig access,
        LimitsConfig limits,
        List<AccessLogConfig> accessLogs,
        RouteConfig route,
        List<ModuleSettings> modules) {

    public LocationConfig {
        rewrites = List.copyOf(rewrites);
        errorPages = List.copyOf(errorPages);
        accessLogs = List.copyOf(accessLogs);
        modules = List.copyOf(modules);
    }

    /** The same location, forwarding otherwise. */
    public LocationConfig forwarding(ProxyConfig other) {
        return new LocationConfig(at, server, match, pattern, statics, coding, other, connect, ret,
                rewrites, headers, errorPages, client, access, limits, accessLogs, route, modules);
    }

    /** The same location without what only defaults say to modules. */
    LocationConfig sayingToModules() {
        return modules.isEmpty() ? this : new LocationConfig(at, server, match, pattern, statics,
                coding, proxy, connect, ret, rewrites, headers, errorPages, client, access, limits,
                accessLogs, route,
                modules.stream().filter(one -> !one.given().isEmpty()).toList());
    }

    /** The pattern with its modifier, as an operator wrote it: {@code ^~ /assets/}. */
    public String label() {
        return match.modifier().isEmpty() ? pattern : match.modifier() + " " + pattern;
    }

    /**
     * nginx's modifiers: {@code =}, {@code ^~}, none, {@code ~} and {@code ~*}. A TEMPLATE is
     * known by its parameters (see {@link PathTemplate}), a NAMED location by its at sign.
     */
    public enum Match {
        EXACT("="), PREFIX_STRONG("^~"), PREFIX(""), REGEX("~"), REGEX_NOCASE("~*"), TEMPLATE(""),
        NAMED("");

        private final String modifier;

        Match(String modifier) {
            this.modifier = modifier;
        }

        public String modifier() {
            return modifier;
        }

        /** Whether the pattern is a text that every matching path begins with. */
        public boolean isPrefix() {
            return this == EXACT || this == PREFIX_STRONG || this == PREFIX;
        }

        public boolean isRegex() {
            return this == REGEX || this == REGEX_NOCASE;
        }
    }
}
