package dev.sluice.common.config;

import dev.sluice.common.config.UpstreamTypes.ProxyPass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The streams. What [http] says of TLS and of connections to peers holds for them, too; who may
 * come and what is logged they say themselves. Owner: the loading thread.
 */
final class StreamCheck {

    /** What is logged of a session where nothing else is named. */
    static final LogFormatConfig SESSION = new LogFormatConfig("session",
            "$remote_addr [$time_local] $protocol $status $bytes_sent $bytes_received"
                    + " $session_time \"$upstream_addr\" $termination", "default");

    /** Variables that ask for nothing of a request. */
    private static final Set<String> VARIABLES = Set.of("remote_addr", "remote_port",
            "realip_remote_addr", "realip_remote_port", "time_local", "time_iso8601", "msec",
            "hostname", "ssl_protocol", "ssl_cipher", "ssl_server_name", "ssl_session_reused",
            "ssl_client_verify", "ssl_client_s_dn", "ssl_client_i_dn", "ssl_client_serial",
            "ssl_client_fingerprint", "ssl_client_cert", "ssl_client_raw_cert",
            "ssl_client_escaped_cert", "ssl_client_v_start", "ssl_client_v_end",
            "ssl_client_v_remain", "ssl_client_lfdi", "ssl_client_sfdi", "server_addr",
            "server_port", "status", "bytes_sent", "bytes_received", "session_time", "protocol",
            "ssl_preread_server_name", "connection", "pid", "upstream_addr",
            "upstream_connect_time", "upstream_error", "proxy_protocol_addr",
            "proxy_protocol_port", "proxy_protocol_server_addr", "proxy_protocol_server_port",
            "termination", "worker", "generation");

    private final SectionTree tree;
    private final UpstreamCheck upstreams;
    private final TlsCheck tls;
    private final Map<String, LogFormatConfig> formats;
    private final Problems problems;

    StreamCheck(SectionTree tree, UpstreamCheck upstreams, TlsCheck tls,
            Map<String, LogFormatConfig> formats, Problems problems) {
        this.tree = tree;
        this.upstreams = upstreams;
        this.tls = tls;
        this.formats = formats;
        this.problems = problems;
    }

    /** @param servers whose addresses are taken */
    List<StreamConfig> check(List<ServerConfig> servers) {
        Map<String, ListenConfig> taken = new HashMap<>();
        for (ServerConfig server : servers) {
            server.listens().forEach(listen -> taken.putIfAbsent(listen.key(), listen));
        }
        Set<String> shared = new HashSet<>();
        SessionKeys keys = new SessionKeys(servers, problems);
        List<StreamConfig> streams = new ArrayList<>();
        for (Scope scope : tree.named(SectionKind.STREAM)) {
            scope.inherit(tree.unnamed(SectionKind.HTTP));
            StreamConfig stream = stream(scope);
            if (stream.proxy() != null && stream.proxy().choice() == null) {
                Scope upstream = upstreams.scope(stream.proxy().upstream());
                if (upstream != null) {
                    keys.check(scope, upstream,
                            stream.listens().stream().allMatch(ListenConfig::udp));
                }
            }
            for (ListenConfig listen : stream.listens()) {
                ListenConfig first = taken.putIfAbsent(listen.key(), listen);
                if (first == null && listen.auto()) {
                    problems.error(listen.at(), "\"auto\" at \"" + listen.key() + "\" needs a"
                            + " server for TLS and HTTP", "listen there with auto in a [server],"
                            + " or leave auto out");
                } else if (first != null && (!listen.auto() || !first.auto()
                        || !shared.add(listen.key()))) {
                    problems.error(listen.at(), "\"" + listen.key() + "\" is listened at already,"
                            + " at " + first.at(), "a stream has its addresses for itself");
                }
            }
            streams.add(stream);
        }
        return streams;
    }

    private StreamConfig stream(Scope scope) {
        if (!scope.has(HttpKeys.LISTEN)) {
            problems.error(scope.at, scope.title() + " listens nowhere",
                    "add listen = 127.0.0.1:5432");
        }
        List<ListenConfig> listens = scope.ownValues(HttpKeys.LISTEN);
        Scope trusting = scope.nearest(ClaimKeys.SET_REAL_IP_FROM);
        List<String> trusted = trusting == null ? List.of()
                : trusting.ownValues(ClaimKeys.SET_REAL_IP_FROM).stream().flatMap(List::stream)
                        .toList();
        ServerCheck.checkTrust(listens, trusted, problems);
        checkDatagrams(scope, listens);
        boolean preread = scope.value(StreamKeys.SSL_PREREAD);
        ServerTlsConfig secure = tls.check(scope,
                listens.stream().filter(listen -> !listen.auto()).toList());
        if (preread && secure != null) {
            problems.error(scope.own(StreamKeys.SSL_PREREAD).getFirst().value().at(),
                    "\"ssl_preread\" looks at hellos that \"ssl\" answers itself",
                    "leave one of them out; after ssl the name is $ssl_server_name");
        }
        return new StreamConfig(scope.at, scope.name, listens, proxy(scope),
                scope.value(StreamKeys.PROXY_TIMEOUT),
                scope.value(StreamKeys.ZERO_COPY).equals("splice"),
                preread, scope.value(StreamKeys.PREREAD_TIMEOUT),
                responses(scope), scope.value(StreamKeys.UDP_SESSIONS),
                scope.has(AccessKeys.ALLOW) || scope.has(AccessKeys.DENY)
                        ? AccessCheck.ownRules(scope) : List.of(),
                trusted, accessLogs(scope), secure);
    }

    private static int responses(Scope scope) {
        Integer given = scope.ownValue(StreamKeys.PROXY_RESPONSES);
        return given == null ? -1 : given;
    }

    /** TLS and names are matters of connections. */
    private void checkDatagrams(Scope scope, List<ListenConfig> listens) {
        for (ListenConfig listen : listens) {
            for (ConfigKey<Boolean> key : List.of(StreamKeys.SSL_PREREAD, StreamKeys.PROXY_SSL)) {
                if (listen.udp() && scope.value(key)) {
                    problems.error(listen.at(), "\"" + key.name() + "\" is on, but datagrams have"
                            + " no connection", "put udp into a stream of its own");
                }
            }
            if (listen.udp() && scope.has(TransportKeys.PROXY_PROTOCOL)) {
                problems.error(listen.at(), "\"proxy_protocol\" names the client of a connection,"
                        + " which datagrams have not", "leave it out");
            }
        }
    }

    /** Null after an error. */
    private ProxyConfig proxy(Scope scope) {
        ProxyPass pass = scope.ownValue(StreamKeys.STREAM_PASS);
        if (pass == null) {
            if (!scope.has(StreamKeys.STREAM_PASS)) {
                problems.error(scope.at, scope.title() + " passes connections nowhere",
                        "add proxy_pass = HOST:PORT, or the name of an [upstream]");
            }
            return null;
        }
        SourceLine at = scope.own(StreamKeys.STREAM_PASS).getFirst().value().at();
        if (pass.isChosen()) {
            checkVariables("\"proxy_pass\"", pass.target(), at);
        } else if (upstreams.defined(pass.target()) == null && pass.address() != null
                && pass.address().port() < 0 && !pass.looksLikeUpstream()) {
            problems.error(at, "\"proxy_pass\": \"" + pass.target() + "\" has no port",
                    "write " + pass.target() + ":PORT");
            return null;
        }
        ProxyConfig proxy = upstreams.stream(scope, new ProxyPass(pass.target(), pass.address(),
                pass.unixPath(), null, scope.value(StreamKeys.PROXY_SSL)), at);
        if (proxy != null) {
            checkBalance(proxy, at);
        }
        return proxy;
    }

    private void checkBalance(ProxyConfig proxy, SourceLine at) {
        List<ProxyConfig> all = proxy.choice() == null ? List.of(proxy)
                : proxy.choice().choices();
        for (ProxyConfig one : all) {
            UpstreamConfig upstream = upstreams.defined(one.upstream());
            String key = upstream == null ? null : upstream.balance().key();
            // A variable may choose among upstreams that are meant for HTTP.
            if (key != null && proxy.choice() == null) {
                checkVariables("\"balance\" of [upstream " + upstream.name() + "]", key, at);
            }
        }
    }

    private void checkVariables(String what, String template, SourceLine at) {
        for (String name : KnownVariables.namesIn(template)) {
            if (KnownVariables.isBuiltIn(name) && !VARIABLES.contains(name)) {
                problems.error(at, what + ": \"$" + name + "\" is of requests, a stream has none",
                        "use $remote_addr, or $ssl_preread_server_name with ssl_preread = on");
                return;
            }
        }
    }

    private List<AccessLogConfig> accessLogs(Scope scope) {
        List<AccessLogConfig> logs = new ArrayList<>();
        for (Setting<AccessLogConfig> setting : scope.own(StreamKeys.SESSION_LOG)) {
            AccessLogConfig log = setting.parsed();
            if (log == null || log == LogTypes.OFF) {
                continue;
            }
            LogFormatConfig format = formats.get(log.format());
            if (format == null) {
                String nearest = Spelling.nearest(log.format(), formats.keySet());
                problems.error(setting.value().at(), "unknown log format \"" + log.format() + "\"",
                        nearest == null ? "add [log_format " + log.format() + "]"
                                : "did you mean \"" + nearest + "\"?");
                continue;
            }
            checkVariables("the log format \"" + format.name() + "\"", format.format(),
                    setting.value().at());
            if (log.only() != null && log.only().condition() != null) {
                checkVariables("\"if=\"", log.only().condition(), setting.value().at());
            }
            logs.add(log);
        }
        return logs;
    }
}
