package dev.sluice.master.convert;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is said of directives that become no key. Read-only. */
final class KnownDirectives {

    /** Not needed: the reason stands in a comment, and nothing is lost. */
    private static final Map<String, String> NEEDLESS = new HashMap<>();
    /** Beginnings of names of what is not there, with the reason. */
    private static final Map<String, String> ABSENT = new HashMap<>();

    static {
        needless("nothing is buffered on disk, and in memory as far as each side reads",
                "proxy_buffering", "proxy_request_buffering", "proxy_buffers",
                "proxy_busy_buffers_size", "proxy_max_temp_file_size", "proxy_temp_path",
                "proxy_temp_file_write_size", "client_body_buffer_size", "client_body_temp_path",
                "client_body_in_file_only", "client_body_in_single_buffer", "output_buffers",
                "postpone_output", "client_header_buffer_size", "connection_pool_size",
                "request_pool_size", "proxy_buffer_size", "preread_buffer_size");
        needless("tables have the size they need", "types_hash_max_size",
                "types_hash_bucket_size", "server_names_hash_max_size",
                "server_names_hash_bucket_size", "variables_hash_max_size",
                "variables_hash_bucket_size", "map_hash_max_size", "map_hash_bucket_size",
                "proxy_headers_hash_max_size", "proxy_headers_hash_bucket_size");
        needless("answers to HTTP/1.0 and to those who cannot unpack them stay as they are",
                "gzip_disable", "gzip_http_version");
        needless("requests of auth_request have none", "proxy_pass_request_body");
        needless("coders have the memory they need", "gzip_buffers", "gzip_window", "gzip_hash",
                "gzip_no_buffer", "gunzip_buffers", "brotli_buffers", "brotli_window",
                "zstd_buffers", "ssl_buffer_size");
        needless("always so", "proxy_ssl_session_reuse", "proxy_cache_convert_head",
                "autoindex_localtime", "tcp_nodelay", "tcp_nopush",
                "sendfile_max_chunk", "pcre_jit",
                "accept_mutex", "accept_mutex_delay", "multi_accept", "ignore_invalid_headers",
                "reset_timedout_connection", "lingering_close", "lingering_time",
                "keepalive_disable", "msie_padding", "chunked_transfer_encoding",
                "if_modified_since",
                "proxy_socket_keepalive", "server_name_in_redirect", "zone",
                "recursive_error_pages",
                "aio", "directio", "thread_pool", "timer_resolution", "http2_recv_buffer_size",
                "absolute_redirect", "port_in_redirect", "log_not_found", "log_subrequest",
                "open_log_file_cache");
        needless("the unit of systemd says it", "worker_rlimit_nofile", "worker_rlimit_core",
                "worker_priority", "working_directory", "daemon", "master_process", "env",
                "load_module", "lock_file", "worker_aio_requests", "debug_points");
        needless("sessions are resumed by tickets, at every worker", "ssl_session_cache");
        needless("no suites with finite-field Diffie-Hellman are offered", "ssl_dhparam");
        needless("timeout= of resolver", "resolver_timeout");
        absent("a client that leaves ends its request; a fetch for a cache goes on",
                "proxy_ignore_client_abort");
        absent("a [map] of $http_referer and when = do it", "valid_referers");
        absent("there is no FastCGI", "fastcgi_");
        absent("there is no uwsgi", "uwsgi_");
        absent("there is no SCGI", "scgi_");
        absent("there is no memcached", "memcached_");
        absent("modules are written in Java", "lua_", "content_by_lua", "access_by_lua",
                "rewrite_by_lua", "set_by_lua", "header_filter_by_lua", "body_filter_by_lua",
                "log_by_lua", "init_by_lua", "init_worker_by_lua", "balancer_by_lua", "js_",
                "perl");
        absent("bodies are not edited; a module can", "sub_filter", "ssi", "addition_",
                "add_before_body", "add_after_body", "xslt_", "image_filter");
        absent("put a [map] or [geo] in its place", "geoip");
        absent("HTTP/3 is not spoken", "http3", "quic_");
        absent("mail is not proxied", "mail");
        absent("the module basic-auth has it: [main] modules = .../basic-auth.jar", "auth_basic");
        absent("no file is written", "dav_", "create_full_put_path", "proxy_store");
        absent("a variable is made by [map]", "set");
        absent("counters are at [admin]", "stub_status");
    }

    private KnownDirectives() {
    }

    private static void needless(String why, String... names) {
        List.of(names).forEach(name -> NEEDLESS.put(name, why));
    }

    private static void absent(String why, String... beginnings) {
        List.of(beginnings).forEach(name -> ABSENT.put(name, why));
    }

    /** Why a directive needs no counterpart; null when it may need one. */
    static String needless(String name) {
        return NEEDLESS.get(name);
    }

    /** Why there is no counterpart; null when there may be one. */
    static String absent(String name) {
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
