package dev.sluice.common.config;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.UpstreamTypes.ProxyPass;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Resolves what one set of paths gets from its section and those around it. */
final class LocationCheck {

    private final UpstreamCheck upstreams;
    private final LimitCheck limits;
    private final Collection<String> formats;
    private final Problems problems;
    private final RouteCheck routes;
    private final HeadersCheck headers;
    private final KnownModules modules;
    private final Inherited<StaticConfig> files = new Inherited<>(List.of(HttpKeys.ROOT,
            HttpKeys.ALIAS, HttpKeys.INDEX, HttpKeys.TRY_FILES, HttpKeys.SENDFILE,
            HttpKeys.DISABLE_SYMLINKS, HttpKeys.DEFAULT_TYPE, HttpKeys.ETAG, HttpKeys.MAX_RANGES,
            CodingKeys.GZIP_STATIC, CodingKeys.BROTLI_STATIC, CodingKeys.ZSTD_STATIC,
            CodingKeys.GZIP_VARY, DirectoryKeys.AUTOINDEX, DirectoryKeys.AUTOINDEX_FORMAT,
            DirectoryKeys.AUTOINDEX_EXACT_SIZE));
    private final Inherited<ClientConfig> clients = new Inherited<>(List.of(
            HttpKeys.CLIENT_BODY_TIMEOUT, HttpKeys.CLIENT_MIN_RATE, HttpKeys.SEND_TIMEOUT,
            HttpKeys.KEEPALIVE_TIMEOUT, HttpKeys.KEEPALIVE_REQUESTS,
            HttpKeys.CLIENT_MAX_BODY_SIZE, HttpKeys.LINGERING_TIMEOUT, HttpKeys.DEFAULT_TYPE));
    private final Inherited<CodingConfig> codings = new Inherited<>(CodingKeys.ALL);
    private final Inherited<List<ErrorPageConfig>> errorPages = new Inherited<>(
            List.of(HttpKeys.ERROR_PAGE, HttpKeys.CLEAR));
    private final Inherited<List<AccessLogConfig>> logs = new Inherited<>(
            List.of(HttpKeys.ACCESS_LOG));
    /** What is wrong with each directory, empty for nothing: many locations share one. */
    private final Map<String, String> directories = new HashMap<>();

    LocationCheck(
            UpstreamCheck upstreams, LimitCheck limits, Collection<String> formats,
            RouteCheck routes, HeadersCheck headers, KnownModules modules, Problems problems) {
        this.modules = modules;
        this.routes = routes;
        this.headers = headers;
        this.upstreams = upstreams;
        this.limits = limits;
        this.formats = formats;
        this.problems = problems;
    }

    /** The settings of a location, or of a server for what no location matches. */
    LocationConfig check(Scope scope, String server, Match match, String pattern,
            AccessConfig access) {
        boolean location = scope.kind == SectionKind.LOCATION;
        return new LocationConfig(scope.at, server, match, pattern,
                statics(scope, match, pattern),
                coding(scope),
                location ? proxy(scope, match) : null,
                location ? ConnectKeys.check(scope, match, pattern, problems) : null,
                location ? scope.ownValue(HttpKeys.RETURN) : null,
                location ? scope.ownValues(HttpKeys.REWRITE) : List.of(),
                headers.answers(scope),
                errorPages(scope),
                client(scope),
                access,
                limits.check(scope),
                accessLogs(scope),
                routes.check(scope, server, match, pattern),
                modules.ofLocation(scope));
    }

    /** The checks of what [http] gives to every server, made once even without any. */
    void checkInherited(Scope http) {
        accessLogs(http);
        limits.checkNames(http);
        checkDirectory(http, HttpKeys.ROOT);
        routes.checkInherited(http);
    }

    private CodingConfig coding(Scope scope) {
        CodingConfig shared = codings.of(scope);
        return shared != null ? shared : codings.keep(scope, CodingKeys.of(scope));
    }

    private StaticConfig statics(Scope scope, Match match, String pattern) {
        StaticConfig shared = files.of(scope);
        return shared != null ? shared : files.keep(scope, staticsOf(scope, match, pattern));
    }

    private StaticConfig staticsOf(Scope scope, Match match, String pattern) {
        checkDirectory(scope, HttpKeys.ROOT);
        String alias = scope.ownValue(HttpKeys.ALIAS);
        if (alias != null) {
            checkAlias(scope, match, pattern, alias);
        }
        List<String> tryFiles = scope.ownValue(HttpKeys.TRY_FILES);
        if (tryFiles != null) {
            checkTryFiles(scope, alias);
        }
        return new StaticConfig(alias == null ? scope.value(HttpKeys.ROOT) : null, alias,
                scope.value(HttpKeys.INDEX),
                tryFiles == null ? List.of() : tryFiles,
                scope.value(HttpKeys.SENDFILE),
                scope.value(HttpKeys.DISABLE_SYMLINKS),
                scope.value(HttpKeys.DEFAULT_TYPE),
                scope.value(HttpKeys.ETAG),
                scope.value(HttpKeys.MAX_RANGES),
                CodingKeys.precompressed(scope), DirectoryKeys.of(scope));
    }

    private void checkTryFiles(Scope scope, String alias) {
        SourceLine at = scope.own(HttpKeys.TRY_FILES).getFirst().value().at();
        boolean location = scope.kind == SectionKind.LOCATION;
        if (location && scope.has(ProxyKeys.PROXY_PASS)) {
            problems.error(at, "\"try_files\" and \"proxy_pass\" are both in " + scope.title(),
                    "put proxy_pass into a location of its own, such as @app, and let try_files"
                            + " end with @app");
        } else if (alias == null && scope.value(HttpKeys.ROOT) == null
                && !scope.has(HttpKeys.RETURN)) {
            problems.error(at, "\"try_files\" has no directory to look in",
                    "add root = /var/www/html, or alias");
        }
    }

    private void checkDirectory(Scope scope, ConfigKey<String> key) {
        for (Setting<String> setting : scope.own(key)) {
            String directory = setting.parsed();
            if (directory == null) {
                continue;
            }
            String wrong = directories.computeIfAbsent(directory, LocationCheck::wrongDirectory);
            if (!wrong.isEmpty()) {
                problems.error(setting.value().at(), "\"" + key.name() + "\": \"" + directory
                        + "\" " + wrong, directory.endsWith(";")
                                ? "leave out the \";\" at the end of the line"
                                : "expected a directory this user can read");
            }
        }
    }

    private static String wrongDirectory(String directory) {
        Path path = Path.of(directory);
        return !Files.exists(path) ? "does not exist"
                : !Files.isDirectory(path) ? "is not a directory"
                : !Files.isReadable(path) || !Files.isExecutable(path) ? "cannot be read"
                : "";
    }

    private void checkAlias(Scope scope, Match match, String pattern, String alias) {
        SourceLine at = scope.own(HttpKeys.ALIAS).getFirst().value().at();
        if (scope.has(HttpKeys.ROOT)) {
            problems.error(at, "\"alias\" and \"root\" are both in " + scope.title()
                    + ", \"root\" at " + scope.own(HttpKeys.ROOT).getFirst().value().at(),
                    "keep one of them");
        }
        if (!match.isPrefix()) {
            problems.error(at, "\"alias\" has no prefix to replace in " + kindOf(match),
                    "use root, or a prefix location");
        } else if (match != Match.EXACT && pattern.endsWith("/") != alias.endsWith("/")) {
            // What follows the prefix is put behind the alias as it is; with one slash missing
            // "/img../x" would leave the directory, and "/img/x" would miss it.
            problems.error(at, "\"alias\": \"" + alias + "\" and the pattern \"" + pattern
                    + "\" do not agree about the slash at the end",
                    "end both with / or neither");
        }
        if (!Files.isReadable(Path.of(alias))) {
            problems.error(at, "\"alias\": \"" + alias + "\" "
                    + (Files.exists(Path.of(alias)) ? "cannot be read" : "does not exist"));
        }
    }

    private static String kindOf(Match match) {
        return switch (match) {
            case TEMPLATE -> "a location with parameters";
            case NAMED -> "a named location";
            default -> "a location with a regular expression";
        };
    }

    private ProxyConfig proxy(Scope scope, Match match) {
        Setting<ProxyPass> setting = ProxyKeys.pass(scope);
        ProxyPass pass = setting == null ? null : setting.parsed();
        if (pass == null) {
            return null;
        }
        SourceLine at = setting.value().at();
        if (scope.has(ProxyKeys.PROXY_PASS) && scope.has(ProxyKeys.GRPC_PASS)) {
            problems.error(at, "\"proxy_pass\" and \"grpc_pass\" are both in " + scope.title(),
                    "keep one of them");
        }
        if (scope.has(ProxyKeys.GRPC_PASS) && pass.uri() != null) {
            problems.error(at, "\"grpc_pass\" has the URI \"" + pass.uri()
                    + "\", but a path of gRPC is a method's name", "leave the URI out");
        }
        if (!match.isPrefix() && pass.uri() != null) {
            problems.error(at, "\"proxy_pass\": the URI \"" + pass.uri()
                    + "\" has no prefix to replace in " + kindOf(match),
                    "leave the URI out, or change the path by rewrite");
        }
        return upstreams.proxy(scope, setting);
    }

    private ClientConfig client(Scope scope) {
        ClientConfig shared = clients.of(scope);
        return shared != null ? shared : clients.keep(scope, clientOf(scope));
    }

    private static ClientConfig clientOf(Scope scope) {
        return new ClientConfig(scope.value(HttpKeys.CLIENT_BODY_TIMEOUT),
                scope.value(HttpKeys.CLIENT_MIN_RATE).intValue(),
                scope.value(HttpKeys.SEND_TIMEOUT),
                scope.value(HttpKeys.KEEPALIVE_TIMEOUT),
                scope.value(HttpKeys.KEEPALIVE_REQUESTS),
                scope.value(HttpKeys.CLIENT_MAX_BODY_SIZE),
                scope.value(HttpKeys.LINGERING_TIMEOUT),
                scope.value(ProxyKeys.PROXY_IGNORE_CLIENT_ABORT),
                scope.value(HttpKeys.DEFAULT_TYPE));
    }

    private List<ErrorPageConfig> errorPages(Scope scope) {
        List<ErrorPageConfig> shared = errorPages.of(scope);
        return shared != null ? shared
                : errorPages.keep(scope, List.copyOf(scope.mergedErrorPages()));
    }

    private List<AccessLogConfig> accessLogs(Scope scope) {
        List<AccessLogConfig> shared = logs.of(scope);
        return shared != null ? shared : logs.keep(scope, List.copyOf(accessLogsOf(scope)));
    }

    private List<AccessLogConfig> accessLogsOf(Scope scope) {
        for (Setting<AccessLogConfig> setting : scope.own(HttpKeys.ACCESS_LOG)) {
            AccessLogConfig log = setting.parsed();
            if (log != null && log != LogTypes.OFF && !formats.contains(log.format())) {
                problems.error(setting.value().at(), "unknown log format \"" + log.format() + "\"",
                        formatHelp(log.format()));
            }
        }
        Scope holder = scope.nearest(HttpKeys.ACCESS_LOG);
        if (holder == null) {
            return List.of();
        }
        List<AccessLogConfig> logs = holder.ownValues(HttpKeys.ACCESS_LOG);
        if (logs.contains(LogTypes.OFF) && logs.size() > 1 && holder == scope) {
            problems.error(scope.own(HttpKeys.ACCESS_LOG).getLast().value().at(),
                    "\"access_log\" is both off and on in " + scope.title(), "keep one of them");
        }
        return logs.contains(LogTypes.OFF) ? List.of() : logs;
    }

    private String formatHelp(String format) {
        String nearest = Spelling.nearest(format, formats);
        return nearest == null ? "add [log_format " + format + "], or write combined"
                : "did you mean \"" + nearest + "\"?";
    }
}
