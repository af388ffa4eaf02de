package dev.sluice.common.config;

import java.util.List;

/**
 * What one set of paths gets. No proxy and no return means static files. An empty list of access
 * logs turns logging off. Written at boot, then read-only.
 */
public record LocationConfig(
        SourceLine at,
        String server,
        Match match,
        String pattern,
        StaticConfig statics,
        ProxyConfig proxy,
        ReturnConfig ret,
        List<RewriteConfig> rewrites,
        List<HeaderRule> addHeaders,
        List<ErrorPageConfig> errorPages,
        ClientConfig client,
        AccessConfig access,
        List<AccessLogConfig> accessLogs) {

    public LocationConfig {
        rewrites = List.copyOf(rewrites);
        addHeaders = List.copyOf(addHeaders);
        errorPages = List.copyOf(errorPages);
        accessLogs = List.copyOf(accessLogs);
    }

    /** nginx's modifiers: {@code =}, {@code ^~}, none, {@code ~} and {@code ~*}. */
    public enum Match {
        EXACT("="), PREFIX_STRONG("^~"), PREFIX(""), REGEX("~"), REGEX_NOCASE("~*");

        private final String modifier;

        Match(String modifier) {
            this.modifier = modifier;
        }

        public String modifier() {
            return modifier;
        }

        public boolean isRegex() {
            return this == REGEX || this == REGEX_NOCASE;
        }
    }
}
