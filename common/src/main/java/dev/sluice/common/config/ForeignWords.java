package dev.sluice.common.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Words of other programs, which the fingers of operators know: nginx before all, a few of HAProxy
 * and Caddy. What has another name here, what is said in another way, what needs no word, and what
 * is not there. Read-only.
 */
public final class ForeignWords {

    /** Other names of keys. */
    private static final Map<String, String> NAMES = new HashMap<>();
    /** How it is said here, where that is no key of the same meaning. */
    private static final Map<String, String> OTHERWISE = new HashMap<>();
    /** Nothing is lost without these: the reason. */
    private static final Map<String, String> NEEDLESS = new HashMap<>();
    /** Beginnings of names of what is not there, with the reason. */
    private static final Map<String, String> ABSENT = new HashMap<>();

    private static final String GRPC = "grpc_";
    private static final String PROXY = "proxy_";

    static {
        name("workers", "worker_processes", "nbthread", "nbproc");
        name("worker_connections", "maxconn");
        name("user", "uid", "gid");
        name("large_header_buffer", "large_client_header_buffers", "client_header_buffer_size",
                "http2_max_field_size", "http2_max_header_size");
        name("client_header_timeout", "http2_recv_timeout");
        name("keepalive_timeout", "http2_idle_timeout");
        name("keepalive_requests", "http2_max_requests");
        name("client_max_body_size", "request_body");
        name("proxy_head_size", "proxy_buffer_size");
        name("proxy_timeout", "idle_timeout");
        name("proxy_pass", "use_backend", "default_backend", "reverse_proxy");
        name("gzip_types", "brotli_types", "zstd_types");
        name("gzip_min_length", "brotli_min_length", "zstd_min_length");
        name("gzip", "encode", "compression");
        name("set_header", "more_set_headers", "more_clear_headers", "header");
        name("metrics", "stub_status");
        name("methods", "limit_except");
        name("listen", "bind");
        name("return", "redir", "respond");
        name("rewrite", "uri");
        name("include", "import");
        name("auth_basic", "basicauth", "basic_auth");
        name("sticky", "cookie", "stick");
        name("retry", "retries", "retry-on");
        name("health_check", "httpchk", "http-check", "health_uri");
        name("balance", "lb_policy");
        sections();
        limits();
        peers();
        otherwise("leave it out: sluice stays in the foreground, systemd starts it", "daemon");
        otherwise("modules = FOLDER in [main] takes modules, which are jars", "load_module");
        otherwise("[events] debug_connection shows each step of a request, and sluice explain what"
                + " becomes of one", "rewrite_log");
        otherwise("a second [location] of the same pattern with when = CONDITION", "if", "acl");
        otherwise("a [map] makes a variable", "set", "auth_request_set");
        otherwise("rewrite = PATTERN TEXT break ends the rules", "break");
        otherwise("listen = ADDRESS:PORT ssl, and ssl_certificate and ssl_certificate_key", "ssl",
                "tls");
        otherwise("ssl_ciphers and ssl_ecdh_curve choose", "ssl_conf_command");
        otherwise("resolver = ADDRESS timeout=5s", "resolver_timeout");
        otherwise("charset marks what peers leave unmarked, too", "override_charset");
        otherwise("return = 204 answers without a body", "empty_gif");
        otherwise("limit_rate bounds what a client is sent", "proxy_limit_rate");
        otherwise("a [limit NAME] of the location bounds how often passwords are tried",
                "auth_delay");
        otherwise("[admin] has /status, /metrics and /stub_status", "stats", "monitor-uri");
        otherwise("access_log = FILE [FORMAT], and error_log = FILE in [main]", "log");
        otherwise("a [log_format NAME] with $http_NAME and access_log = FILE NAME", "capture");
        otherwise("return = 301 URL, or https_redirect = on", "redirect");
        otherwise("root = FOLDER", "file_server");
        otherwise("health_check of [upstream NAME] is httpchk; X-Forwarded-For is always sent",
                "option");
        otherwise("rules have keys of their own: proxy_set_header, rewrite, return, allow, deny",
                "http-request");
        otherwise("set_header and add_header write fields of answers", "http-response");
        needless();
        absent();
    }

    private ForeignWords() {
    }

    private static void sections() {
        otherwise("a section of its own: [server NAME] with listen", "frontend");
        otherwise("a section of its own: [upstream NAME] with server = HOST:PORT", "upstream",
                "backend");
        otherwise("a section of its own: [location SERVER PATTERN]", "location", "handle",
                "handle_path", "route");
        otherwise("a section of its own: [map NAME] with source, default and value = TEXT RESULT",
                "map");
        otherwise("a section of its own: [geo NAME] with default and network = NETWORK RESULT",
                "geo");
        otherwise("a section of its own: [split NAME]", "split_clients");
        otherwise("a section of its own: [types] with text/html = html htm; include = mime.types"
                + " has a hundred", "types");
        otherwise("a section of its own: [log_format NAME] with format = TEXT", "log_format");
        otherwise("a section of its own: [cache NAME] with path and max_size; proxy_cache = NAME"
                + " uses it", "proxy_cache_path");
        otherwise("network = NETWORK RESULT takes 10.0.0.0/8, no ranges from address to address",
                "ranges");
        otherwise("leave it out, or write the network with another result", "delete");
        otherwise("set_real_ip_from and real_ip_header say whose word counts; source may be any"
                + " text", "proxy", "proxy_recursive");
    }

    private static void limits() {
        otherwise("limit = NAME [burst=N] of a section [limit NAME] with key and rate",
                "limit_req");
        otherwise("a section [limit NAME] with key = $remote_addr and rate = 10r/s; limit = NAME"
                + " uses it", "limit_req_zone", "stick-table");
        otherwise("limit = NAME of a section [limit NAME] with key and connections = N",
                "limit_conn");
        otherwise("a section [limit NAME] with key = $remote_addr and connections = N; limit ="
                + " NAME uses it", "limit_conn_zone", "limit_zone");
        otherwise("status of the [limit NAME], 429 if it is not set", "limit_req_status",
                "limit_conn_status");
        otherwise("log_level of the [limit NAME]", "limit_req_log_level", "limit_conn_log_level");
        otherwise("mode = shadow of the [limit NAME]", "limit_req_dry_run", "limit_conn_dry_run");
    }

    private static void peers() {
        String word = "it is a word of server = HOST:PORT in [upstream NAME], such as weight=2";
        otherwise(word, "max_fails", "fail_timeout", "weight", "backup", "slow_start", "max_conns",
                "fullconn", "default-server");
        otherwise("server = HOST:PORT resolve takes each address of a name", "server-template");
        otherwise("write balance = least_conn", "least_conn");
        otherwise("write balance = ewma: the least of mean time times requests", "least_time");
        otherwise("write balance = ip_hash", "ip_hash");
        otherwise("write balance = hash KEY consistent", "hash");
        otherwise("write balance = random two", "random");
        otherwise("server = HOST:PORT of an [upstream NAME]", "to");
        otherwise("proxy_next_upstream_tries is the bound, and retry of the [upstream NAME]",
                "proxy_next_upstream_timeout");
    }

    private static void needless() {
        needless("each side is read as far as the other one takes it, nothing goes to a disk",
                "proxy_buffering", "proxy_request_buffering", "proxy_buffers",
                "proxy_busy_buffers_size", "proxy_max_temp_file_size", "proxy_temp_path",
                "proxy_temp_file_write_size", "client_body_buffer_size", "client_body_temp_path",
                "client_body_in_file_only", "client_body_in_single_buffer", "output_buffers",
                "postpone_output", "client_header_buffer_size", "connection_pool_size",
                "request_pool_size", "proxy_buffer_size", "preread_buffer_size",
                "subrequest_output_buffer_size");
        needless("tables have the size they need", "types_hash_max_size",
                "types_hash_bucket_size", "server_names_hash_max_size",
                "server_names_hash_bucket_size", "variables_hash_max_size",
                "variables_hash_bucket_size", "map_hash_max_size", "map_hash_bucket_size",
                "proxy_headers_hash_max_size", "proxy_headers_hash_bucket_size");
        needless("answers to HTTP/1.0 are never compressed", "gzip_http_version");
        needless("no client that says gzip means something else", "gzip_disable");
        needless("requests of auth_request have none", "proxy_pass_request_body");
        needless("coders have the memory they need, gzip_max_active bounds it", "gzip_buffers",
                "gzip_window", "gzip_hash", "gzip_no_buffer", "gunzip_buffers", "brotli_buffers",
                "brotli_window", "zstd_buffers");
        needless("records begin small and grow, see ssl_dyn_rec_enable", "ssl_buffer_size");
        needless("files go by sendfile(2), small ones from memory", "aio", "directio",
                "directio_alignment", "thread_pool", "worker_aio_requests");
        needless("the loop sends as much as the client takes at once", "sendfile_max_chunk");
        needless("head and file leave together", "tcp_nopush");
        needless("it is always on", "tcp_nodelay", "proxy_ssl_session_reuse",
                "proxy_socket_keepalive", "chunked_transfer_encoding", "reset_timedout_connection",
                "lingering_close", "ignore_invalid_headers", "if_modified_since",
                "recursive_error_pages", "pcre_jit", "hostnames", "volatile");
        needless("each worker has sockets of its own", "accept_mutex", "accept_mutex_delay",
                "multi_accept");
        needless("all workers share what is known of peers", "zone");
        needless("redirects have the host and port that the client asked for",
                "server_name_in_redirect", "port_in_redirect", "absolute_redirect");
        needless("always so", "proxy_cache_convert_head", "autoindex_localtime", "lingering_time",
                "keepalive_disable", "keepalive_min_timeout", "msie_padding", "msie_refresh",
                "timer_resolution", "http2_recv_buffer_size", "log_not_found", "log_subrequest",
                "open_log_file_cache");
        needless("a variable that nobody defines is an error of the file",
                "uninitialized_variable_warn");
        needless("the unit of systemd says it", "worker_rlimit_nofile", "worker_rlimit_core",
                "worker_priority", "working_directory", "daemon", "master_process", "env",
                "load_module", "lock_file", "debug_points", "chroot");
        needless("sessions are resumed by tickets, at every worker", "ssl_session_cache");
        needless("no suites with finite-field Diffie-Hellman are offered", "ssl_dhparam",
                "tune.ssl.default-dh-param");
        needless("timeout= of resolver", "resolver_timeout");
    }

    private static void absent() {
        absent("a [map] of $http_referer and when = do it", "valid_referers");
        absent("FastCGI is not spoken: proxy_pass to an HTTP server", "fastcgi_", "php_fastcgi");
        absent("uwsgi is not spoken: proxy_pass to its HTTP socket", "uwsgi_");
        absent("SCGI is not spoken: proxy_pass to an HTTP server", "scgi_");
        absent("there is no memcached", "memcached_");
        absent("modules are written in Java", "lua_", "content_by_lua", "access_by_lua",
                "rewrite_by_lua", "set_by_lua", "header_filter_by_lua", "body_filter_by_lua",
                "log_by_lua", "init_by_lua", "init_worker_by_lua", "balancer_by_lua", "js_",
                "perl");
        absent("bodies are not edited; a module can", "sub_filter", "ssi", "addition_",
                "add_before_body", "add_after_body", "xslt_", "image_filter", "templates",
                "proxy_set_body");
        absent("put a [map] or [geo] in its place", "geoip");
        absent("HTTP/3 is not spoken", "http3", "quic_");
        absent("0-RTT is not taken, as it can be replayed", "ssl_early_data");
        absent("nothing is pushed; early_hints passes 103 on", "http2_push");
        absent("mail is not proxied", "mail");
        absent("the module basic-auth has it: [main] modules = .../basic-auth.jar", "auth_basic");
        absent("no file is written", "dav_", "create_full_put_path", "proxy_store");
        absent("a variable is made by [map]", "set");
        absent("counters are at [admin]", "stub_status");
        absent("a module can check it", "secure_link");
        absent("$request_id tells requests apart, a module can mark clients", "userid");
        absent("files are sent as they are, in ranges where a client asks for them", "mp4", "flv",
                "random_index");
        absent("a request goes on with the method that it came with", "proxy_method");
        absent("flags of cookies are the peer's to set",
                "proxy_cookie_flags");
        absent("ranges are answered by who has the whole: the peer, a file or a cache",
                "proxy_force_ranges", "proxy_cache_max_range_offset");
        absent("trailers of peers pass, none are added", "add_trailer");
        absent("libraries are the distribution's own", "ssl_engine", "google_perftools_profiles");
        absent("a peer's connections serve all clients in turn", "ntlm");
    }

    private static void name(String key, String... names) {
        List.of(names).forEach(name -> NAMES.put(name, key));
    }

    private static void otherwise(String how, String... names) {
        List.of(names).forEach(name -> OTHERWISE.put(name, how));
    }

    private static void needless(String why, String... names) {
        List.of(names).forEach(name -> NEEDLESS.put(name, why));
    }

    private static void absent(String why, String... beginnings) {
        List.of(beginnings).forEach(name -> ABSENT.put(name, why));
    }

    /** The key of another name; null for none. Peers of gRPC have the keys of all peers. */
    static String nameHere(String name) {
        String asProxy = name.startsWith(GRPC) ? PROXY + name.substring(GRPC.length()) : "";
        return ConfigKeys.isAnywhere(asProxy) ? asProxy : NAMES.get(name);
    }

    /** How it is said here; null where nothing is known of the word. */
    static String otherwise(String name) {
        String how = OTHERWISE.get(name);
        return how == null ? absent(name) : how;
    }

    /** Why a word needs no counterpart; null when it may need one. */
    public static String needless(String name) {
        return NEEDLESS.get(name);
    }

    /** Why there is no counterpart; null when there may be one. */
    public static String absent(String name) {
        String exact = ABSENT.get(name);
        if (exact != null) {
            return exact;
        }
        for (Map.Entry<String, String> one : ABSENT.entrySet()) {
            boolean family = !one.getKey().equals("set") && !one.getKey().equals("mail");
            if (family && name.startsWith(one.getKey())) {
                return one.getValue();
            }
        }
        return null;
    }
}
