package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.STREAM;

import dev.sluice.common.config.UpstreamTypes.ProxyPass;
import java.util.List;

/** The part of the table for what is passed on without HTTP. Written at boot, then read-only. */
public final class StreamKeys {

    private static final long DAY_MS = 86_400_000;

    public static final ConfigKey<ProxyPass> STREAM_PASS = ConfigKey.single("proxy_pass",
            new StreamPass(), null,
            "Where connections go: an [upstream], or an address with its port. With a variable each"
                    + " connection chooses among the [upstream]s of the configuration; another"
                    + " name ends it.", STREAM)
            .shows("app_tcp", "10.0.0.11:5432", "unix:/run/app.sock", "$ssl_preread_server_name");

    public static final ConfigKey<Boolean> PROXY_SSL = ConfigKey.single("proxy_ssl", Scalars.FLAG,
            "off", "Whether peers are spoken to in TLS, by the keys proxy_ssl_*.", STREAM);

    public static final ConfigKey<Long> PROXY_TIMEOUT = ConfigKey.single("proxy_timeout",
            new Scalars.Time(1, 7 * DAY_MS), "10m",
            "How long nothing may be sent or taken by either side before a session ends.", STREAM);

    public static final ConfigKey<String> ZERO_COPY = ConfigKey.single("zero_copy",
            new Scalars.Keyword(List.of("splice", "off"), List.of("sockmap")), "splice",
            "Whether bytes in bulk stay in the kernel, by splice(2), where neither side has TLS.",
            STREAM);

    public static final ConfigKey<Boolean> SSL_PREREAD = ConfigKey.single("ssl_preread",
            Scalars.FLAG, "off",
            "Whether the hello of a client is looked at, for $ssl_preread_server_name, before a"
                    + " peer is chosen; TLS passes through untouched. What is no TLS passes, too,"
                    + " without a name.", STREAM);

    public static final ConfigKey<Long> PREREAD_TIMEOUT = ConfigKey.single("preread_timeout",
            new Scalars.Time(1, 3_600_000), "30s",
            "How long a client may take for its hello where ssl_preread is on, and for a PROXY"
                    + " header.", STREAM);

    public static final ConfigKey<AccessLogConfig> SESSION_LOG = ConfigKey.list("access_log",
            LogTypes.SESSION_LOG,
            "Where sessions are logged when they have ended. The format session is client, time,"
                    + " protocol, status, bytes to the client and from it, seconds, peer and why"
                    + " it ended.", STREAM)
            .shows("/var/log/sluice/stream.log session buffer=64k flush=1s");

    public static final ConfigKey<Integer> PROXY_RESPONSES = ConfigKey.single("proxy_responses",
            new Scalars.Count(0, 1_000_000), null,
            "How many datagrams answer one of a client's: a session of datagrams ends with the"
                    + " last. Without it the session ends by proxy_timeout alone.", STREAM)
            .shows("1");

    public static final ConfigKey<Integer> UDP_SESSIONS = ConfigKey.single("udp_sessions",
            new Scalars.Count(1, 1_000_000), "4096",
            "How many clients of datagrams a worker knows at once, each by its address and with a"
                    + " socket towards its peer; what others send is dropped.", STREAM);

    static final List<ConfigKey<?>> ALL = List.of(STREAM_PASS, PROXY_SSL, PROXY_TIMEOUT, ZERO_COPY,
            SSL_PREREAD, PREREAD_TIMEOUT, SESSION_LOG, PROXY_RESPONSES, UDP_SESSIONS);

    private StreamKeys() {
    }

    /** nginx's form of proxy_pass among streams. */
    private static final class StreamPass implements ValueType<ProxyPass> {

        @Override
        public String name() {
            return "an upstream";
        }

        @Override
        public String form() {
            return "UPSTREAM, HOST:PORT or unix:/PATH; or a text with variables that names an"
                    + " UPSTREAM";
        }

        @Override
        public ProxyPass parse(Value value) throws BadValue {
            String word = value.word();
            if (word.contains("://")) {
                throw new BadValue("\"" + word + "\" has a scheme, which streams have not",
                        "leave it out; TLS to peers is proxy_ssl = on");
            }
            if (word.indexOf('$') >= 0) {
                return UpstreamTypes.chosen(word, false);
            }
            if (word.startsWith("unix:")) {
                String path = value.socketPath(word.substring(5));
                return new ProxyPass("unix:" + path, null, path, null, false);
            }
            return new ProxyPass(word, HostPort.parse(word, 1), null, null, false);
        }

        @Override
        public String effective(Value value, ProxyPass parsed) {
            return Words.quote(parsed.target());
        }
    }
}
