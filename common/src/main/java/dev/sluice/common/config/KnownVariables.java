package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The variables that templates may name, and the check of a template. A variable is {@code $name}
 * or <code>${name}</code>; a dollar sign that begins no variable is an error, not a text, because
 * it is nearly always a slip. Written at boot, then read-only.
 */
public final class KnownVariables {

    private static final Set<String> NAMES = Set.of(
            "remote_addr", "remote_port", "realip_remote_addr", "realip_remote_port",
            "remote_user", "time_local", "time_iso8601", "msec",
            "request", "request_method", "request_uri", "uri", "document_uri", "args",
            "query_string", "is_args", "host", "hostname", "scheme", "https",
            "ssl_protocol", "ssl_cipher", "ssl_server_name", "ssl_session_reused",
            "ssl_client_verify", "ssl_client_s_dn", "ssl_client_i_dn", "ssl_client_serial",
            "ssl_client_fingerprint", "ssl_client_cert", "ssl_client_raw_cert",
            "ssl_client_escaped_cert", "ssl_client_v_start", "ssl_client_v_end",
            "ssl_client_v_remain", "ssl_client_lfdi", "ssl_client_sfdi",
            "server_name", "server_addr",
            "server_port", "server_protocol", "http2", "status", "body_bytes_sent", "bytes_sent",
            "request_length", "request_time", "request_id", "trace_id", "span_id", "traceparent",
            "tracestate", "content_length", "content_type",
            "connection", "connection_requests", "pipe", "pid", "upstream_addr", "upstream_status",
            "upstream_connect_time", "upstream_header_time", "upstream_response_time",
            "upstream_error", "upstream_cache_status", "limit_req_status", "limit_conn_status",
            "proxy_protocol_addr", "proxy_protocol_port", "proxy_protocol_server_addr",
            "proxy_protocol_server_port",
            "protocol", "session_time", "bytes_received", "ssl_preread_server_name",
            "termination", "worker", "generation", "document_root",
            "request_filename", "proxy_add_x_forwarded_for", "proxy_host");

    /**
     * The names that the configuration being loaded defines itself. They hold for everything that
     * is checked while it is loaded, so they are not handed from one check to the next.
     */
    static final ScopedValue<Set<String>> DEFINED = ScopedValue.newInstance();

    private static final String[] FAMILIES = {"http_", "sent_http_", "arg_", "cookie_", "path_"};

    private KnownVariables() {
    }

    /** The names without a family, sorted, without the dollar sign. */
    public static Set<String> names() {
        return new TreeSet<>(NAMES);
    }

    /** Whether {@code $name} has a meaning; captures are {@code 1} to {@code 9}. */
    public static boolean contains(String name) {
        return isBuiltIn(name) || DEFINED.isBound()
                && (DEFINED.get().contains(name) || familyOf(name, DEFINED.get()) != null);
    }

    /** The family of a module that a name belongs to, such as {@code claim_*}; null without. */
    public static String familyOf(String name, Set<String> defined) {
        for (int at = name.lastIndexOf('_', name.length() - 2); at > 0;
                at = name.lastIndexOf('_', at - 1)) {
            String family = name.substring(0, at + 1) + "*";
            if (defined.contains(family)) {
                return family;
            }
        }
        return null;
    }

    /** Whether a module may not call a variable, or a family of them, so. */
    static boolean isTaken(String name) {
        if (!name.endsWith("*")) {
            return isBuiltIn(name);
        }
        String start = name.substring(0, name.length() - 1);
        return isBuiltIn(start + "x") || Arrays.stream(FAMILIES).anyMatch(f -> f.startsWith(start))
                || NAMES.stream().anyMatch(one -> one.startsWith(start));
    }

    /** Whether {@code $name} means something in every configuration. */
    static boolean isBuiltIn(String name) {
        if (name.length() == 1 && name.charAt(0) >= '1' && name.charAt(0) <= '9') {
            return true;
        }
        for (String family : FAMILIES) {
            if (name.startsWith(family)) {
                return name.length() > family.length();
            }
        }
        return NAMES.contains(name);
    }

    private static Set<String> known() {
        Set<String> known = names();
        if (DEFINED.isBound()) {
            known.addAll(DEFINED.get());
        }
        return known;
    }

    /** What is wrong with a template, in words; null when nothing is. */
    public static String wrong(String template, Set<String> defined) {
        return ScopedValue.where(DEFINED, defined).call(() -> {
            try {
                check(template);
                return null;
            } catch (BadValue e) {
                return e.getMessage() + (e.help() == null ? "" : ": " + e.help());
            }
        });
    }

    /** Refuses a template with an unknown variable or a stray dollar sign. */
    static String check(String template) throws BadValue {
        highestCapture(template);
        return template;
    }

    /** The highest of {@code $1} to {@code $9} in a template, 0 without any; checks it too. */
    static int highestCapture(String template) throws BadValue {
        int highest = 0;
        int dollar = template.indexOf('$');
        while (dollar >= 0) {
            int from = dollar + 1;
            boolean braced = from < template.length() && template.charAt(from) == '{';
            int end = braced ? from + 1 : from;
            boolean capture = end < template.length() && Character.isDigit(template.charAt(end));
            int nameFrom = end;
            if (capture) {
                // $12 is $1 and a 2, as in nginx.
                end++;
            } else {
                while (end < template.length() && isNamePart(template.charAt(end))) {
                    end++;
                }
            }
            String name = template.substring(nameFrom, end);
            if (name.isEmpty() || braced && (end == template.length()
                    || template.charAt(end) != '}')) {
                throw new BadValue("\"$\" begins no variable in \"" + template + "\"",
                        "write $name or ${name}");
            }
            if (!contains(name)) {
                String nearest = Spelling.nearest(name, known());
                throw new BadValue("unknown variable \"$" + name + "\"",
                        nearest == null ? null : "did you mean \"$" + nearest + "\"?");
            }
            highest = capture ? Math.max(highest, name.charAt(0) - '0') : highest;
            dollar = template.indexOf('$', end);
        }
        return highest;
    }

    /** The names in a template that has been checked, captures left out. */
    static List<String> namesIn(String template) {
        List<String> names = new ArrayList<>();
        for (int at = template.indexOf('$'); at >= 0; at = template.indexOf('$', at + 1)) {
            String name = nameAt(template, template.startsWith("{", at + 1) ? at + 2 : at + 1);
            if (!name.isEmpty() && !Character.isDigit(name.charAt(0))) {
                names.add(name);
            }
        }
        return names;
    }

    /** The letters of a name that begins here. */
    static String nameAt(String text, int from) {
        int end = from;
        while (end < text.length() && isNamePart(text.charAt(end))) {
            end++;
        }
        return text.substring(from, end);
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
