package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.LOCATION;
import static dev.sluice.common.config.SectionKind.SERVER;
import static dev.sluice.common.config.SectionKind.STREAM;

import dev.sluice.common.config.StaticConfig.Symlinks;
import java.util.List;

/** The part of the table for the client's side and for files. Written at boot, then read-only. */
public final class HttpKeys {

    private static final long HOUR_MS = 3_600_000;
    private static final long DAY_MS = 24 * HOUR_MS;

    /** The input part of a slab holds a request line and this much of header fields. */
    private static final long HEAD_BYTES_MAX = 32 * 1024;

    public static final ConfigKey<Long> CLIENT_HEADER_TIMEOUT = ConfigKey.single(
            "client_header_timeout",
            new Scalars.Time(1, HOUR_MS), "15s",
            "How long a client may take for a whole request head, from its first byte.", HTTP);

    public static final ConfigKey<Long> LARGE_HEADER_BUFFER = ConfigKey.single(
            "large_header_buffer",
            new Scalars.Size(1024, HEAD_BYTES_MAX), "32k",
            "The longest request head; a longer one is answered with 431.", HTTP);

    public static final ConfigKey<Long> REQUEST_LINE_MAX = ConfigKey.single("request_line_max",
            new Scalars.Size(64, HEAD_BYTES_MAX), "8k",
            "The longest request line; a longer one is answered with 414.", HTTP);

    public static final ConfigKey<Integer> MAX_HEADERS = ConfigKey.single("max_headers",
            new Scalars.Count(8, 1000), "100",
            "The most header fields of a request; more are answered with 431.", HTTP);

    public static final ConfigKey<Integer> MAX_ACTIVE_REQUESTS = ConfigKey.single(
            "max_active_requests",
            new Scalars.Count(1, 100_000), "500",
            "The most requests a worker serves at once. Further ones wait with their heads read,"
                    + " in the order in which they came, and a worker that serves so many accepts"
                    + " no more than an eighth of it in 100 ms. Tunnels do not count, nor answers"
                    + " that wait for a window of HTTP/2. /healthz, [admin] and addresses that an"
                    + " upstream of this configuration names do not wait.", HTTP);

    public static final ConfigKey<Boolean> MERGE_SLASHES = ConfigKey.single("merge_slashes",
            Scalars.FLAG, "on", "Whether // in a path counts as /.", HTTP);

    public static final ConfigKey<Boolean> UNDERSCORES = ConfigKey.single("underscores_in_headers",
            Scalars.FLAG, "off",
            "Whether fields with an underscore in their name are kept; off drops them, because"
                    + " many applications read _ and - alike.", HTTP);

    public static final ConfigKey<Boolean> SERVER_TOKENS = ConfigKey.single("server_tokens",
            Scalars.FLAG, "off", "Whether the Server field and error pages name the version.",
            HTTP);

    public static final ConfigKey<Integer> SLAB_COUNT = ConfigKey.single("slab_count",
            new Scalars.Count(16, 1 << 20), "4096",
            "The most blocks of 64k a worker uses for heads and bodies; they are made when needed."
                    + " Idle connections hold none.", HTTP);

    public static final ConfigKey<Long> KEEPALIVE_TIME = ConfigKey.single("keepalive_time",
            new Scalars.Time(1_000, 365 * DAY_MS), "1h",
            "The age at which a connection closes after the answer in hand.", HTTP);

    public static final ConfigKey<AccessLogConfig> ACCESS_LOG = ConfigKey.list("access_log",
            LogTypes.ACCESS_LOG,
            "Where requests are logged; off stops it. Without it nothing is logged. A"
                    + " section's own logs replace inherited ones. Formats that are there:"
                    + " combined, json, and phases with the time of each phase. if= leaves out"
                    + " requests for which the text is empty or 0 at their end, slow= those"
                    + " that took less time, sample=N all but one of N of what is left. A"
                    + " syslog server (RFC 5424, by UDP) has an IP address with a port, or is"
                    + " unix:/dev/log; facility=local7, severity=info and tag=sluice may follow"
                    + " behind commas.",
            HTTP, SERVER, LOCATION)
            .shows("/var/log/sluice/access.log combined buffer=64k flush=1s");

    public static final ConfigKey<String> ROOT = ConfigKey.single("root", Scalars.PATH, null,
            "The directory files are served from: the whole path is looked up below it.",
            HTTP, SERVER, LOCATION).shows("/var/www/html");

    public static final ConfigKey<String> ALIAS = ConfigKey.single(
            "alias", Scalars.PATH_PREFIX, null,
            "The directory, or file, that stands for the location's prefix.", LOCATION)
            .shows("/srv/downloads/");

    public static final ConfigKey<List<String>> INDEX = ConfigKey.single("index", Scalars.WORDS,
            "index.html", "The files tried for a path that ends with a slash.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<List<String>> TRY_FILES = ConfigKey.single("try_files",
            AnswerTypes.TRY_FILES, null,
            "Paths tried in order below root or alias; the last is not tried but used, with the"
                    + " request as it came. A directory that $uri/ finds without the slash at the"
                    + " end of the path is a 301 to it. Not inherited.",
            SERVER, LOCATION).shows("$uri $uri/ /index.html");

    public static final ConfigKey<Boolean> SENDFILE = ConfigKey.single(
            "sendfile", Scalars.FLAG, "on",
            "Whether larger files go from the page cache to the socket inside the kernel.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Symlinks> DISABLE_SYMLINKS = ConfigKey.single("disable_symlinks",
            new Scalars.Choice<>(Symlinks.class), "if_outside_root",
            "Which symbolic links are refused: none, those that lead out of the root, or all.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<String> DEFAULT_TYPE = ConfigKey.single("default_type",
            new MediaType(), "application/octet-stream",
            "The media type of files with an unknown extension, and of texts of return.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> ETAG = ConfigKey.single("etag", Scalars.FLAG, "on",
            "Whether files get an ETag, made of their time and size.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Integer> MAX_RANGES = ConfigKey.single("max_ranges",
            new Scalars.Count(0, 64), "16",
            "The most ranges of one request; more, or 0, send the whole file.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<ErrorPageConfig> ERROR_PAGE = ConfigKey.list("error_page",
            AnswerTypes.ERROR_PAGE,
            "The page sent in place of an answer with such a status. A path is fetched by GET;"
                    + " @NAME gets the request as it came, with its body, unless a peer has a"
                    + " part of it already or the body was refused: a GET then, too. Lists merge"
                    + " from [http] inwards; a status given again replaces the outer page.",
            HTTP, SERVER, LOCATION).shows("500 502 503 504 /50x.html", "404 =200 /empty.html");

    public static final ConfigKey<List<String>> CLEAR = ConfigKey.single(
            "clear", new HeaderKeys.ClearType(), null,
            "Names merging lists that begin anew in this section instead of inheriting; header"
                    + " stands for all lists of fields.",
            SERVER, LOCATION).shows("header", "add_header error_page");

    public static final ConfigKey<Long> CLIENT_BODY_TIMEOUT = ConfigKey.single(
            "client_body_timeout",
            new Scalars.Time(1, DAY_MS), "60s", "How long a client may pause within a body.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> CLIENT_MIN_RATE = ConfigKey.single("client_min_rate",
            new Scalars.Size(0, 1 << 30), "500",
            "The bytes per second below which a client's body, or its reading of the answer, is"
                    + " cut after 20 s; 0 asks for none.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> SEND_TIMEOUT = ConfigKey.single("send_timeout",
            new Scalars.Time(1, DAY_MS), "60s", "How long a client may take nothing of an answer.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> KEEPALIVE_TIMEOUT = ConfigKey.single("keepalive_timeout",
            new Scalars.Time(0, DAY_MS), "75s",
            "How long an idle connection stays open; 0 closes after each answer.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<Integer> KEEPALIVE_REQUESTS = ConfigKey.single(
            "keepalive_requests",
            new Scalars.Count(1, 1_000_000_000), "10000",
            "The most requests of one connection.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> CLIENT_MAX_BODY_SIZE = ConfigKey.single(
            "client_max_body_size",
            new Scalars.Size(0, 1L << 50), "0",
            "The longest request body; a longer one is answered with 413. 0 sets no limit, as"
                    + " bodies are streamed.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Long> LINGERING_TIMEOUT = ConfigKey.single("lingering_timeout",
            new Scalars.Time(0, HOUR_MS), "5s",
            "How long what a client still sends is read and dropped before a close, so that it"
                    + " gets the answer.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<ReturnConfig> RETURN = ConfigKey.single(
            "return", AnswerTypes.RETURN,
            null, "Ends with this answer. Not inherited.", SERVER, LOCATION)
            .shows("301 https://example.com$request_uri");

    public static final ConfigKey<RewriteConfig> REWRITE = ConfigKey.list("rewrite",
            AnswerTypes.REWRITE, "Changes the path where the expression (RE2) matches. In order"
                    + " of the file; not inherited.", SERVER, LOCATION)
            .shows("^/old/(.*)$ /new/$1 last");

    public static final ConfigKey<ListenConfig> LISTEN = ConfigKey.list(
            "listen", AddressTypes.LISTEN,
            "An address the server is reached at; the port is 80 when left out.", SERVER, STREAM)
            .shows("0.0.0.0:80", "[::]:80 default_server");

    public static final ConfigKey<List<ServerNameConfig>> SERVER_NAME = ConfigKey.list(
            "server_name",
            AddressTypes.SERVER_NAMES,
            "The hosts the server answers for; without it those no other server has. The first that"
                    + " is no pattern is the $host of requests that name none; where there is"
                    + " none, the address that they came to is it.", SERVER)
            .shows("example.com *.example.com");

    public static final ConfigKey<Boolean> METRICS = ConfigKey.single(
            "metrics", Scalars.FLAG, "off",
            "Whether the server answers /metrics, with the totals of all workers.", SERVER);

    static final List<ConfigKey<?>> ALL = List.of(LISTEN, SERVER_NAME, METRICS,
            CLIENT_HEADER_TIMEOUT,
            LARGE_HEADER_BUFFER, REQUEST_LINE_MAX, MAX_HEADERS, MAX_ACTIVE_REQUESTS, MERGE_SLASHES,
            UNDERSCORES, SERVER_TOKENS, SLAB_COUNT,
            KEEPALIVE_TIME, ACCESS_LOG, ROOT, ALIAS, INDEX, TRY_FILES, SENDFILE, DISABLE_SYMLINKS,
            DEFAULT_TYPE, ETAG, MAX_RANGES, ERROR_PAGE, CLEAR, CLIENT_BODY_TIMEOUT,
            CLIENT_MIN_RATE, SEND_TIMEOUT, KEEPALIVE_TIMEOUT, KEEPALIVE_REQUESTS,
            CLIENT_MAX_BODY_SIZE, LINGERING_TIMEOUT, RETURN, REWRITE);

    private HttpKeys() {
    }

    /** A media type, with parameters allowed. */
    private static final class MediaType implements ValueType<String> {

        @Override
        public String name() {
            return "a media type";
        }

        @Override
        public String form() {
            return "a media type such as text/html or \"text/plain; charset=utf-8\"";
        }

        @Override
        public String parse(Value value) throws BadValue {
            String type = value.word();
            if (!TypesCheck.isMediaType(type)) {
                throw new BadValue("\"" + type + "\" is not a media type");
            }
            return type;
        }
    }
}
