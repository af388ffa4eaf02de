package dev.sluice.common.config;

import java.util.List;
import java.util.Map;

/**
 * Makes typed records of checked sections and reports what does not fit together. It goes on after
 * an error with whatever stands in, because the records are thrown away then and further errors are
 * worth finding. Owner: the loading thread.
 */
final class ConfigCheck {

    private final SectionTree tree;
    private final Problems problems;
    private final HandedFiles files;

    /** @param files gets the content that workers need */
    ConfigCheck(SectionTree tree, Problems problems, HandedFiles files) {
        this.files = files;
        this.tree = tree;
        this.problems = problems;
    }

    SluiceConfig check() {
        Map<String, LogFormatConfig> formats = logFormats();
        HeadersCheck headers = new HeadersCheck(problems);
        CacheCheck caches = new CacheCheck(problems);
        tree.named(SectionKind.CACHE).forEach(caches::add);
        caches.checkName(tree.unnamed(SectionKind.HTTP));
        UpstreamCheck upstreams = new UpstreamCheck(
                problems, tree.unnamed(SectionKind.HTTP), headers, caches, files);
        tree.named(SectionKind.UPSTREAM).forEach(upstreams::add);
        LimitCheck limits = new LimitCheck(problems);
        tree.named(SectionKind.LIMIT).forEach(limits::add);
        LocationCheck locations = new LocationCheck(upstreams, limits, formats.keySet(),
                new RouteCheck(problems, tree.locations()), headers, tree.modules(), problems);
        TlsCheck tls = new TlsCheck(problems, files);
        ServerCheck servers = new ServerCheck(tree, locations,
                new AccessCheck(), tls, problems);
        List<ServerConfig> serverList = servers.check();
        List<StreamConfig> streams = tree.named(SectionKind.STREAM).isEmpty() ? List.of()
                : new StreamCheck(tree, upstreams, tls, formats, problems).check(serverList);
        return new SluiceConfig(main(), events(), http(), List.copyOf(formats.values()),
                limits.all(), caches.all(), upstreams.all(), serverList, streams, servers.admin(),
                new TypesCheck(problems).check(tree.types()),
                new DerivedCheck(problems).check(tree.derived()),
                tree.modules().configs(tree.named(SectionKind.MODULE), problems));
    }

    private MainConfig main() {
        Scope main = tree.unnamed(SectionKind.MAIN);
        String runDirectory = main.value(ProcessKeys.RUN_DIRECTORY);
        String pid = main.value(ProcessKeys.PID);
        String user = main.value(ProcessKeys.USER);
        return new MainConfig(user == null ? "" : user,
                workerCount(main),
                main.value(ProcessKeys.WORKER_CPU_AFFINITY).equals("auto"),
                main.value(ProcessKeys.WORKER_SHUTDOWN_TIMEOUT),
                main.value(ProcessKeys.WORKER_STALL_TIMEOUT),
                main.value(ProcessKeys.MAX_GENERATIONS),
                runDirectory,
                pid == null ? runDirectory + "/sluice.pid" : pid,
                main.value(ProcessKeys.ERROR_LOG),
                main.value(ProcessKeys.LOG_ROTATE),
                main.value(ProcessKeys.CANARY),
                main.value(ProcessKeys.WARMUP),
                FlightKeys.records(main),
                main.value(FlightKeys.FLIGHT_RECORDER_BURST));
    }

    static int workerCount(Scope main) {
        int workers = main.value(ProcessKeys.WORKERS);
        int cpus = Math.min(Runtime.getRuntime().availableProcessors(), ProcessKeys.WORKERS_MAX);
        return workers == 0 ? cpus : workers;
    }

    private EventsConfig events() {
        Scope events = tree.unnamed(SectionKind.EVENTS);
        return new EventsConfig(events.value(ProcessKeys.USE),
                events.value(ProcessKeys.WORKER_CONNECTIONS),
                events.value(ProcessKeys.MULTI_ACCEPT),
                events.ownValues(ProcessKeys.DEBUG_CONNECTION).stream().flatMap(List::stream)
                        .toList());
    }

    private HttpConfig http() {
        Scope http = tree.unnamed(SectionKind.HTTP);
        long headBytes = http.value(HttpKeys.LARGE_HEADER_BUFFER);
        long lineBytes = http.value(HttpKeys.REQUEST_LINE_MAX);
        if (lineBytes > headBytes) {
            ConfigKey<Long> key = http.has(HttpKeys.REQUEST_LINE_MAX)
                    ? HttpKeys.REQUEST_LINE_MAX : HttpKeys.LARGE_HEADER_BUFFER;
            problems.error(http.own(key).getFirst().value().at(), "\"request_line_max\" of "
                    + Bytes.format(lineBytes) + " does not fit into \"large_header_buffer\" of "
                    + Bytes.format(headBytes), "the head contains the request line");
        }
        return new HttpConfig(http.value(HttpKeys.CLIENT_HEADER_TIMEOUT),
                (int) headBytes, (int) lineBytes,
                http.value(HttpKeys.MAX_HEADERS),
                http.value(HttpKeys.MAX_ACTIVE_REQUESTS),
                http.value(HttpKeys.MERGE_SLASHES),
                http.value(HttpKeys.UNDERSCORES),
                http.value(HttpKeys.SERVER_TOKENS),
                http.value(FileCacheKeys.OPEN_FILE_CACHE).max(),
                http.value(FileCacheKeys.OPEN_FILE_CACHE).inactiveMs(),
                http.value(FileCacheKeys.OPEN_FILE_CACHE_VALID),
                http.value(FileCacheKeys.OPEN_FILE_CACHE_MIN_USES),
                http.value(FileCacheKeys.OPEN_FILE_CACHE_ERRORS),
                http.value(HttpKeys.SLAB_COUNT),
                http.value(HttpKeys.KEEPALIVE_TIME),
                http.value(TlsKeys.SSL_CERTIFICATE_WATCH),
                http.value(TlsKeys.SSL_DYN_REC_ENABLE),
                http.value(CodingKeys.GZIP_MAX_ACTIVE),
                http.value(CodingKeys.GZIP_CACHE), Http2Keys.check(http));
    }

    private Map<String, LogFormatConfig> logFormats() {
        Map<String, LogFormatConfig> formats = LogFormats.fixed();
        if (!tree.named(SectionKind.STREAM).isEmpty()) {
            formats.put(StreamCheck.SESSION.name(), StreamCheck.SESSION);
        }
        for (Scope scope : tree.named(SectionKind.LOG_FORMAT)) {
            if (formats.containsKey(scope.name) || scope.name.equals("off")) {
                problems.error(scope.at, "the log format \"" + scope.name + "\" cannot be changed",
                        "choose another name");
                continue;
            }
            String format = scope.ownValue(ProcessKeys.FORMAT);
            if (!scope.has(ProcessKeys.FORMAT)) {
                problems.error(scope.at, scope.title() + " has no \"format\"");
            }
            checkFormat(scope);
            formats.put(scope.name, new LogFormatConfig(scope.name, format == null ? "" : format,
                    scope.value(ProcessKeys.ESCAPE)));
        }
        LogFormats.addOthers(formats);
        return formats;
    }

    private void checkFormat(Scope scope) {
        for (Setting<String> setting : scope.own(ProcessKeys.FORMAT)) {
            try {
                if (setting.parsed() != null) {
                    KnownVariables.check(setting.parsed());
                }
            } catch (BadValue e) {
                problems.error(setting.value().at(), "\"format\": " + e.getMessage(), e.help());
            }
        }
    }
}
