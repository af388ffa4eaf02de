package dev.sluice.worker.route;

import dev.sluice.common.config.AccessLogConfig;
import dev.sluice.common.config.ErrorPageConfig;
import dev.sluice.common.config.HeaderRule;
import dev.sluice.common.config.HeadersConfig;
import dev.sluice.common.config.LimitsConfig;
import dev.sluice.common.config.ListenConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.PathTemplate;
import dev.sluice.common.config.RewriteConfig;
import dev.sluice.common.config.ServerConfig;
import dev.sluice.common.config.SluiceConfig;
import dev.sluice.common.counters.CounterWriter;
import dev.sluice.worker.answer.Answers;
import dev.sluice.worker.answer.ErrorPageRules;
import dev.sluice.worker.answer.ExchangeLines;
import dev.sluice.worker.answer.ExchangePath;
import dev.sluice.worker.answer.HeadEdits;
import dev.sluice.worker.answer.ReturnHandler;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.ErrorPages;
import dev.sluice.worker.exchange.ExchangeLog;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.HeaderToAdd;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.exchange.Rewriter;
import dev.sluice.worker.exchange.Server;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.realip.RealAddress;
import dev.sluice.worker.variables.LogFormat;
import dev.sluice.worker.variables.SizeTemplate;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compiles the servers and locations of a configuration. Used once, at boot. */
public final class RouteBuilder {

    private static final ContentHandler NOT_FOUND = x -> Answers.status(x, 404);

    private final SluiceConfig config;
    private final CounterWriter counters;
    private final WorkerScope scope;
    private final ExchangePath paths;
    private final ExchangeLines lines;
    private final RouteCounters routeCounters;
    private final ContentFactory contents;
    private final GateFactory gates;
    private final LogFactory logs;
    private final Map<String, LogFormat> formats = new HashMap<>();
    private final Map<AccessLogConfig, ExchangeLog> openLogs = new HashMap<>();
    private final Map<String, ContentHandler> returns = new HashMap<>();
    private HeadersConfig lastHeaders;
    private HeaderToAdd[] lastAdded;
    private List<ErrorPageConfig> lastPages;
    private ErrorPages lastPageRules;
    private List<AccessLogConfig> lastLogs;
    private ExchangeLog[] lastOpenLogs;

    public RouteBuilder(SluiceConfig config, CounterWriter counters, WorkerScope scope,
            ExchangePath paths, ContentFactory contents, GateFactory gates, LogFactory logs) {
        this.config = config;
        this.counters = counters;
        this.scope = scope;
        this.paths = paths;
        this.lines = new ExchangeLines(config);
        this.routeCounters = new RouteCounters(config, counters);
        this.contents = contents;
        this.gates = gates;
        this.logs = logs;
    }

    /**
     * Makes the variables of the configuration known: called once, before the first template of
     * anybody is compiled.
     */
    public static void defineVariables(SluiceConfig config, WorkerScope scope) {
        CapturingPattern.declareAll(config, scope.captureNames);
        DerivedValue.defineAll(config.derived(), scope);
    }

    public RouteTable build() {
        List<Server> servers = new ArrayList<>();
        List<LocationTable> tables = new ArrayList<>();
        List<Map<String, Location>> named = new ArrayList<>();
        for (ServerConfig server : config.servers()) {
            servers.add(server(server, servers.size()));
            Map<String, Location> names = new HashMap<>();
            tables.add(locations(server, names));
            named.add(names);
        }
        List<HostTable> hosts = new ArrayList<>();
        for (ListenConfig address : config.listenAddresses()) {
            hosts.add(hosts(address.key()));
        }
        return new RouteTable(servers, hosts, tables, named);
    }

    private HostTable hosts(String key) {
        HostTable table = new HostTable(scope.captureNames);
        List<ServerConfig> servers = config.servers();
        for (int i = 0; i < servers.size(); i++) {
            for (ListenConfig listen : servers.get(i).listens()) {
                if (listen.key().equals(key)) {
                    table.add(servers.get(i).names(), i, listen.defaultServer());
                }
            }
        }
        return table;
    }

    private Server server(ServerConfig server, int index) {
        // The server's own rules have been tried when the fallback is found.
        // A server that returns sends everybody elsewhere: nobody is asked for a password first.
        Location fallback = location(server.fallback(), "", Location.NO_REWRITES,
                server.ret() == null ? gates.gatesFor(server.fallback()) : Gate.NONE);
        fallback.content(server.ret() == null ? content(server.fallback(), fallback)
                : new ReturnHandler(server.ret(), server.fallback(), scope));
        Server built = new Server(server, index, rewriter(server.rewrites()), fallback,
                counters.server(index), RealAddress.of(server.claims()));
        built.gates = gates.gatesOf(built);
        return built;
    }

    /** @param named gets the named locations */
    private LocationTable locations(ServerConfig server, Map<String, Location> named) {
        LocationPatterns patterns = new LocationPatterns();
        if (server.ret() != null) {
            // As in nginx: a server that returns never comes to its locations.
            return patterns.table(this::refusal, scope);
        }
        for (LocationConfig one : server.locations()) {
            Location location = location(one, one.label(), rewriter(one.rewrites()),
                    gates.gatesFor(one));
            location.content(content(one, location));
            if (addsSlash(one)) {
                location.slashHandler(Answers::redirectToDirectory);
            }
            if (one.connect() != null) {
                location.tunnel(contents.tunnelFor(one));
            }
            if (one.match() == Match.NAMED) {
                named.put(one.pattern(), location);
                continue;
            }
            PathTemplate template =
                    one.match() == Match.TEMPLATE ? PathTemplate.of(one.pattern()) : null;
            if (template != null) {
                location.parameterPlaces(places(template.parameters()));
            }
            patterns.add(one.match(), one.pattern(), template, location, conditions(one),
                    Variants.bits(one.route().methods()));
        }
        return patterns.table(this::refusal, scope);
    }

    private int[] places(List<String> parameters) {
        int[] places = new int[parameters.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = scope.parameterNames.declare(parameters.get(i));
        }
        return places;
    }

    private Condition[] conditions(LocationConfig one) {
        return Condition.compile(one.route().conditions(), scope);
    }

    /** As in nginx: /api is redirected to /api/ where only the latter is a proxied location. */
    private static boolean addsSlash(LocationConfig one) {
        return (one.match() == Match.PREFIX || one.match() == Match.PREFIX_STRONG)
                && one.proxy() != null && one.pattern().endsWith("/")
                && one.pattern().length() > 1;
    }

    /** Answers the methods that no location of a pattern has (RFC 9110 §9.3.7, §15.5.6). */
    private Location refusal(Location first, int methods) {
        byte[] allow = Method.list(methods | 1 << Method.OPTIONS);
        Location refusal = location(first.config, first.label, Location.NO_REWRITES, first.gates);
        refusal.content(x -> {
            if (x.request.method == Method.OPTIONS) {
                Answers.options(x, allow);
            } else {
                Answers.methodNotAllowed(x, allow);
            }
        });
        return refusal;
    }

    private ContentHandler content(LocationConfig one, Location location) {
        if (one.ret() != null) {
            return returned(one);
        }
        boolean files = one.statics() != null
                && (one.statics().root() != null || one.statics().alias() != null);
        return one.proxy() != null || files ? contents.contentFor(one, location) : NOT_FOUND;
    }

    /** Those that say the same are one. No part of the key holds a zero. */
    private ContentHandler returned(LocationConfig one) {
        String key = String.join("\0", Integer.toString(one.ret().status()),
                one.client().contentTypeDefault(), one.ret().text());
        ContentHandler known = returns.get(key);
        if (known == null) {
            known = new ReturnHandler(one.ret(), one, scope);
            returns.put(key, known);
        }
        return known;
    }

    private Rewriter rewriter(List<RewriteConfig> rules) {
        return RewriteRules.compile(rules, scope, paths, lines);
    }

    private Location location(
            LocationConfig one, String label, Rewriter rewriter, Gate[] admission) {
        Location location = new Location(one, label, headers(one), logs(one), rewriter,
                errorPages(one), admission);
        LimitsConfig.Bandwidth bandwidth = one.limits().bandwidth();
        if (!bandwidth.rate().isZero()) {
            location.sendRate(SizeTemplate.compile(bandwidth.rate(), scope),
                    SizeTemplate.compile(bandwidth.after(), scope));
        }
        location.headRules(HeadEdits.compile(one, scope));
        routeCounters.furnish(location, one);
        gates.furnish(location);
        return location;
    }

    /** Locations that add the same, as most do that stand together, share it compiled. */
    private HeaderToAdd[] headers(LocationConfig one) {
        if (one.headers() == lastHeaders) {
            return lastAdded;
        }
        List<HeaderToAdd> headers = new ArrayList<>();
        for (HeaderRule rule : one.headers().add()) {
            headers.add(new HeaderToAdd(rule.name().getBytes(StandardCharsets.US_ASCII),
                    HeaderName.idOf(rule.name()), Template.compile(rule.value(), scope),
                    rule.always()));
        }
        headers.addAll(List.of(gates.headers()));
        lastHeaders = one.headers();
        lastAdded = headers.toArray(HeaderToAdd[]::new);
        return lastAdded;
    }

    /** As {@link #headers}. */
    private ErrorPages errorPages(LocationConfig one) {
        if (one.errorPages() != lastPages) {
            lastPages = one.errorPages();
            lastPageRules = ErrorPageRules.compile(lastPages, scope, paths);
        }
        return lastPageRules;
    }

    /** As {@link #headers}. */
    private ExchangeLog[] logs(LocationConfig one) {
        if (one.accessLogs() != lastLogs) {
            lastLogs = one.accessLogs();
            lastOpenLogs = new ExchangeLog[lastLogs.size()];
            for (int i = 0; i < lastOpenLogs.length; i++) {
                lastOpenLogs[i] = openLogs.computeIfAbsent(lastLogs.get(i), this::openLog);
            }
        }
        return lastOpenLogs;
    }

    private ExchangeLog openLog(AccessLogConfig log) {
        LogFormat format = formats.get(log.format());
        if (format == null) {
            format = LogFormat.compile(config.logFormat(log.format()), scope);
            formats.put(log.format(), format);
        }
        return logs.logFor(log, format);
    }
}
