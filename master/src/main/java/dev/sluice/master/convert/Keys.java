package dev.sluice.master.convert;

import dev.sluice.common.config.ForeignWords;
import dev.sluice.master.convert.IniText.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Directives that become keys of the section they stand in. Most have the same name and the same
 * words, and the table of keys refuses later what it does not know; the others are here.
 *
 * <p>Owner: the calling thread.
 */
final class Keys {

    private static final int HEAD_BYTES_MAX = 32 << 10;
    private static final Set<String> RETRIES = Set.of("error", "timeout", "http_502", "http_503",
            "http_504", "off");
    private static final Set<String> VERSIONS = Set.of("TLSv1.2", "TLSv1.3");
    private static final String SLICE_RANGE = "$slice_range";
    private static final Set<String> TUNNEL_FIELDS = Set.of("upgrade", "connection");

    private final Losses losses;
    private final Section main;
    /** The module that asks for passwords; null where there is none. */
    private final Path passwords;
    private final Set<String> upstreams = new HashSet<>();

    /** @param main where the keys of the whole program stand */
    Keys(Losses losses, Section main, Path passwords) {
        this.losses = losses;
        this.main = main;
        this.passwords = passwords;
    }

    /** Names that are no hosts. */
    void upstream(String name) {
        upstreams.add(name);
    }

    void convert(NginxDirective given, Section to) {
        NginxDirective one = asProxy(given);
        String needless = ForeignWords.needless(one.name());
        String absent = ForeignWords.absent(one.name());
        if (one.isComment()) {
            to.comment(one);
        } else if (needless != null) {
            to.note(one, "not needed, " + needless + ": " + one.text());
        } else if (passwords != null && one.name().startsWith("auth_basic")) {
            password(one, to);
        } else if (one.is("auth_basic") && one.arg(0).equals("off")) {
            to.note(one, one.text());
        } else if (absent != null) {
            lose(one, to, absent);
            shut(one, to);
        } else if (one.block() != null) {
            lose(one, to, "no such block is known here");
        } else if (!special(one, to)) {
            to.add(one, one.name(), one.args());
        }
    }

    /** Peers of gRPC have the keys of all peers. */
    private static NginxDirective asProxy(NginxDirective one) {
        boolean same = one.name().startsWith("grpc_") && !one.is("grpc_pass")
                && !one.is("grpc_buffer_size");
        return !same ? one : new NginxDirective("proxy_" + one.name().substring(5), one.args(),
                one.block(), one.comments(), one.at());
    }

    /** Keeps the directive as a comment and tells of it. */
    void lose(NginxDirective one, Section to, String why) {
        to.note(one, "NOT CONVERTED, " + why + ": " + one.text());
        losses.lost(one, why);
    }

    private void password(NginxDirective one, Section to) {
        if (!main.has("modules")) {
            main.add(bare(one), "modules", passwords.toString());
        }
        to.add(one, one.name(), one.args());
    }

    /** What asked for a password must not be open to all while nobody does. */
    private void shut(NginxDirective one, Section to) {
        boolean shut = to.lines.stream().anyMatch(line -> line.text.equals("deny = all"));
        if (one.is("auth_basic") && !shut) {
            to.add(bare(one), "deny", "all");
            losses.tell(one, "deny = all stands there until the module does");
        }
    }

    /** The same without its comments, which stand there already. */
    private static NginxDirective bare(NginxDirective one) {
        return new NginxDirective(one.name(), one.args(), null, List.of(), one.at());
    }

    private boolean special(NginxDirective one, Section to) {
        switch (one.name()) {
            case "worker_processes" -> to.add(one, "workers", one.args());
            case "error_log" -> errorLog(one, to);
            case "access_log" -> accessLog(one, to);
            case "keepalive_timeout" -> to.add(one, one.name(), one.arg(0));
            case "large_client_header_buffers" -> headBuffers(one, to);
            case "brotli_types", "zstd_types", "brotli_min_length", "zstd_min_length" ->
                    shared(one, to);
            case "ssl_protocols" -> some(one, to, VERSIONS);
            case "proxy_next_upstream" -> retries(one, to);
            case "proxy_next_upstream_timeout" -> retryTime(one, to);
            case "add_header" -> field(one, to);
            case "proxy_cache_key" -> to.add(one, one.name(),
                    one.args().stream().map(word -> word.replace(SLICE_RANGE, "")).toList());
            case "proxy_set_header" -> requestField(one, to);
            case "proxy_pass", "grpc_pass" -> to.add(one, one.name(), withPort(one.arg(0)));
            case "proxy_http_version" -> version(one, to);
            case "limit_req" -> limitRate(one, to);
            case "limit_conn" -> to.add(one, "limit", one.arg(0), "connections=" + one.arg(1));
            case "worker_cpu_affinity" -> affinity(one, to);
            case "default_type" -> to.add(one, one.name(), one.arg(0));
            case "http2_max_requests", "http2_idle_timeout", "spdy_headers_comp" ->
                    to.note(one, one.text());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void errorLog(NginxDirective one, Section to) {
        String level = switch (one.arg(1)) {
            case "" -> "error";
            case "crit", "alert", "emerg" -> "error";
            case String same -> same;
        };
        if (main.has("error_log")) {
            lose(one, to, "there is one error log, in [main]");
            return;
        }
        main.add(one, "error_log", one.arg(0), level);
        if (to != main) {
            losses.tell(one, "it is the error log of all, in [main]");
        }
    }

    private void accessLog(NginxDirective one, Section to) {
        List<String> words = new ArrayList<>();
        for (String word : one.args()) {
            if (word.startsWith("gzip")) {
                losses.lost(one, "logs are not compressed while they are written");
            } else if (!word.startsWith("nohostname")) {
                words.add(word);
            }
        }
        to.add(one, "access_log", words);
    }

    private void headBuffers(NginxDirective one, Section to) {
        String size = one.arg(1).toLowerCase(Locale.ROOT);
        long unit = size.endsWith("k") ? 1 << 10 : size.endsWith("m") ? 1 << 20 : 1;
        String digits = size.replaceAll("[^0-9]", "");
        long all = one.arg(0).matches("[0-9]{1,6}") && digits.matches("[0-9]{1,9}")
                ? Long.parseLong(one.arg(0)) * Long.parseLong(digits) * unit : HEAD_BYTES_MAX;
        if (all > HEAD_BYTES_MAX) {
            losses.tell(one, "a head has 32k at most");
        }
        to.add(one, "large_header_buffer", Long.toString(Math.clamp(all, 1024, HEAD_BYTES_MAX)));
    }

    /** Types and lengths hold for all codings: of several lists the first one counts. */
    private void shared(NginxDirective one, Section to) {
        String key = "gzip" + one.name().substring(one.name().indexOf('_'));
        if (to.has(key)) {
            to.note(one, "not needed, " + key + " says it for all codings: " + one.text());
        } else {
            to.add(one, key, one.args());
        }
    }

    private void some(NginxDirective one, Section to, Set<String> known) {
        List<String> kept = one.args().stream().filter(known::contains).toList();
        if (kept.size() < one.args().size()) {
            List<String> rest = new ArrayList<>(one.args());
            rest.removeAll(kept);
            losses.lost(one, "there is no " + String.join(", ", rest));
        }
        if (kept.isEmpty()) {
            to.note(one, "NOT CONVERTED: " + one.text());
        } else {
            to.add(one, one.name(), kept);
        }
    }

    private void retries(NginxDirective one, Section to) {
        if (one.arg(0).equals("on")) {
            to.note(one, "not needed, always so: " + one.text());
        } else {
            some(one, to, RETRIES);
        }
    }

    private void retryTime(NginxDirective one, Section to) {
        if (one.arg(0).matches("0m?s?")) {
            to.note(one, "not needed, always so: " + one.text());
        } else {
            lose(one, to, "proxy_next_upstream_tries is the bound, and retry of the upstream");
        }
    }

    private void field(NginxDirective one, Section to) {
        if (one.arg(0).equalsIgnoreCase("content-length")) {
            to.note(one, "not needed, answers have their length: " + one.text());
        } else {
            to.add(one, one.name(), one.args());
        }
    }

    /** WebSockets pass by themselves, and what a connection to a peer is, is no field's matter. */
    private void requestField(NginxDirective one, Section to) {
        if (TUNNEL_FIELDS.contains(one.arg(0).toLowerCase(Locale.ROOT))) {
            to.note(one, "not needed, WebSockets pass by themselves and connections are kept: "
                    + one.text());
        } else if (one.arg(0).equalsIgnoreCase("range") && one.arg(1).equals(SLICE_RANGE)) {
            to.note(one, "not needed, slices ask for their ranges themselves: " + one.text());
        } else if (one.arg(0).equalsIgnoreCase("content-length") && one.arg(1).isEmpty()) {
            to.note(one, "not needed, the body that is sent has its length: " + one.text());
        } else {
            to.add(one, one.name(), one.arg(0), one.arg(1));
        }
    }

    private void version(NginxDirective one, Section to) {
        if (one.arg(0).equals("1.0")) {
            lose(one, to, "peers are spoken to by HTTP/1.1 or 2");
        } else {
            to.add(one, one.name(), one.arg(0));
        }
    }

    private void affinity(NginxDirective one, Section to) {
        if (one.arg(0).equals("auto")) {
            to.add(one, one.name(), "auto");
        } else {
            lose(one, to, "each worker has a CPU of its own with auto, or none");
        }
    }

    /** nginx delays what is beyond the rate unless it is told not to. */
    private void limitRate(NginxDirective one, Section to) {
        String zone = "";
        String burst = "";
        String delay = "delay=0";
        for (String word : one.args()) {
            if (word.startsWith("zone=")) {
                zone = word.substring(5);
            } else if (word.startsWith("burst=")) {
                burst = word;
            } else {
                delay = word;
            }
        }
        List<String> words = new ArrayList<>(List.of(zone));
        if (!burst.isEmpty()) {
            words.addAll(Arrays.asList(burst, delay));
        }
        to.add(one, "limit", words);
    }

    /** A host without a port has that of its scheme. */
    String withPort(String url) {
        int hostAt = url.indexOf("://") + 3;
        if (hostAt < 3 || url.indexOf('$') >= 0 || url.startsWith("unix:", hostAt)) {
            return url;
        }
        int end = url.indexOf('/', hostAt);
        String host = url.substring(hostAt, end < 0 ? url.length() : end);
        boolean named = upstreams.contains(host) || host.matches(".*:\\d+");
        String port = url.startsWith("https") || url.startsWith("grpcs") ? ":443" : ":80";
        return named ? url : url.substring(0, hostAt) + host + port
                + (end < 0 ? "" : url.substring(end));
    }
}
