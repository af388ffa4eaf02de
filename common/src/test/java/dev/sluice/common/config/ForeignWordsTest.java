package dev.sluice.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the fingers of operators know is a key here, or is answered with more than "unknown". */
final class ForeignWordsTest {

    /** Directives of nginx, as its index names them, without those of its paid product. */
    private static final List<String> NGINX = words("""
            absolute_redirect accept_mutex access_log add_after_body add_header add_trailer aio
            alias allow auth_basic auth_basic_user_file auth_delay auth_request auth_request_set
            autoindex autoindex_format autoindex_localtime break charset charset_types
            chunked_transfer_encoding client_body_buffer_size client_body_in_file_only
            client_body_temp_path client_body_timeout client_header_buffer_size
            client_header_timeout client_max_body_size connection_pool_size daemon
            debug_connection default_type deny directio disable_symlinks empty_gif env error_log
            error_page etag expires fastcgi_cache fastcgi_pass flv geo geoip_country grpc_pass
            grpc_read_timeout grpc_set_header gunzip gzip gzip_buffers gzip_comp_level gzip_disable
            gzip_http_version gzip_min_length gzip_proxied gzip_static gzip_types gzip_vary hash
            http2 http2_max_concurrent_streams http2_push http3 if if_modified_since
            ignore_invalid_headers image_filter index internal ip_hash js_import keepalive
            keepalive_disable keepalive_requests keepalive_time keepalive_timeout
            large_client_header_buffers least_conn limit_conn limit_conn_dry_run
            limit_conn_log_level limit_conn_status limit_conn_zone limit_except limit_rate
            limit_rate_after limit_req limit_req_dry_run limit_req_log_level limit_req_status
            limit_req_zone lingering_close lingering_timeout listen load_module location log_format
            log_not_found map map_hash_bucket_size master_process max_ranges memcached_pass
            merge_slashes mirror mp4 msie_padding multi_accept open_file_cache
            open_file_cache_errors open_log_file_cache output_buffers override_charset pcre_jit
            perl pid port_in_redirect postpone_output proxy_bind proxy_buffer_size proxy_buffering
            proxy_buffers proxy_busy_buffers_size proxy_cache proxy_cache_background_update
            proxy_cache_bypass proxy_cache_convert_head proxy_cache_key proxy_cache_lock
            proxy_cache_max_range_offset
            proxy_cache_min_uses proxy_cache_path proxy_cache_revalidate proxy_cache_use_stale
            proxy_cache_valid proxy_connect_timeout proxy_cookie_domain proxy_cookie_flags
            proxy_cookie_path proxy_force_ranges proxy_headers_hash_max_size proxy_hide_header
            proxy_http_version
            proxy_ignore_client_abort proxy_ignore_headers proxy_intercept_errors proxy_limit_rate
            proxy_max_temp_file_size proxy_method proxy_next_upstream proxy_next_upstream_timeout
            proxy_next_upstream_tries proxy_no_cache proxy_pass proxy_pass_header
            proxy_pass_request_body proxy_pass_request_headers proxy_protocol proxy_read_timeout
            proxy_redirect proxy_request_buffering proxy_send_timeout proxy_set_body
            proxy_set_header proxy_socket_keepalive proxy_ssl_certificate proxy_ssl_name
            proxy_ssl_server_name proxy_ssl_session_reuse proxy_ssl_trusted_certificate
            proxy_ssl_verify proxy_store proxy_temp_path quic_retry random random_index
            real_ip_header real_ip_recursive recursive_error_pages request_pool_size
            reset_timedout_connection resolver resolver_timeout return rewrite rewrite_log root
            satisfy scgi_pass secure_link send_timeout sendfile sendfile_max_chunk server
            server_name server_name_in_redirect server_names_hash_bucket_size server_tokens set
            set_real_ip_from slice split_clients ssi ssl_buffer_size ssl_certificate
            ssl_certificate_key ssl_ciphers ssl_client_certificate ssl_conf_command ssl_crl
            ssl_dhparam ssl_early_data ssl_ecdh_curve ssl_engine ssl_preread ssl_protocols
            ssl_reject_handshake ssl_session_cache ssl_session_ticket_key ssl_session_tickets
            ssl_session_timeout ssl_stapling ssl_trusted_certificate ssl_verify_client
            ssl_verify_depth stub_status sub_filter tcp_nodelay tcp_nopush thread_pool
            timer_resolution try_files types types_hash_max_size underscores_in_headers
            uninitialized_variable_warn upstream use user userid uwsgi_pass valid_referers
            variables_hash_max_size worker_aio_requests worker_connections worker_cpu_affinity
            worker_priority worker_processes worker_rlimit_nofile worker_shutdown_timeout zone""");

    private static List<String> words(String text) {
        return List.of(text.split("\\s+"));
    }

    private static boolean isAnswered(String word) {
        return help(word) != null;
    }

    private static String help(String word) {
        return ConfigKeys.notFound(SectionKind.HTTP, "[http]", word, null).help();
    }

    @Test
    void everyDirectiveIsAKeyOrIsAnsweredWithAHelp() {
        assertEquals(List.of(), NGINX.stream()
                .filter(word -> !ConfigKeys.isAnywhere(word) && !isAnswered(word)).toList());
    }

    /** The nearest spelling is a guess; what is known of a directive goes before it. */
    @Test
    void noneIsTakenForASlipOfThePen() {
        assertEquals(List.of(), NGINX.stream()
                .filter(word -> !ConfigKeys.isAnywhere(word))
                .filter(word -> help(word).startsWith("did you mean")).toList());
    }

    @Test
    void anotherNameLeadsToAKey() {
        for (String word : NGINX) {
            String here = ForeignWords.nameHere(word);
            assertTrue(here == null || ConfigKeys.isAnywhere(here), word);
        }
    }

    @Test
    void slipsAreGuessedStill() {
        assertEquals("did you mean \"keepalive_timeout\"? (a time, default 75s)",
                help("keepalive_timout"));
        assertNull(help("nothing_like_it_at_all"));
    }
}
