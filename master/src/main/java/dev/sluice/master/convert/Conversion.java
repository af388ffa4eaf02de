package dev.sluice.master.convert;

import dev.sluice.master.convert.IniText.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * From nginx's blocks to sections. What nginx has as a default and Sluice has not is written out.
 *
 * <p>Owner: the calling thread.
 */
final class Conversion {

    private static final String REFUSED = "503";

    private final IniText out = new IniText();
    private final Losses losses;
    private final Keys keys;
    private final Servers servers;
    /** By the names of their zones. */
    private final Map<String, Section> limits = new LinkedHashMap<>();
    private final Section main = out.section("[main]", null);
    private final Section events = out.section("[events]", null);
    private final Section http = out.section("[http]", null);
    private String rateStatus = REFUSED;
    private String connectionStatus = REFUSED;

    private Conversion(Losses losses, Path passwords) {
        this.losses = losses;
        this.keys = new Keys(losses, main, passwords);
        this.servers = new Servers(out, keys, losses);
    }

    /** @param passwords the module that asks for them; null where there is none */
    static IniText of(List<NginxDirective> all, Losses losses, Path passwords) {
        Conversion conversion = new Conversion(losses, passwords);
        conversion.main(SetValues.writtenOut(SetChoices.asMaps(all)));
        return conversion.out;
    }

    private void main(List<NginxDirective> all) {
        for (NginxDirective one : all) {
            switch (one.name()) {
                case "events" -> one.block().forEach(this::event);
                case "http" -> http(one);
                case "stream" -> stream(one);
                case "user" -> main.add(one, "user", one.arg(0));
                default -> keys.convert(one, main);
            }
        }
        limitStatuses();
    }

    private void event(NginxDirective one) {
        if (one.is("use")) {
            events.note(one, "not needed, it is epoll: " + one.text());
        } else {
            keys.convert(one, events);
        }
    }

    private void http(NginxDirective block) {
        main.comment(block);
        collectUpstreams(block.block());
        List<NginxDirective> named = block.block().stream().filter(one -> one.is("error_page")
                && one.args().getLast().startsWith("@")).toList();
        for (NginxDirective one : block.block()) {
            switch (one.name()) {
                case "server" -> servers.server(one, http, named);
                case "error_page" -> {
                    // A location with a name belongs to a server.
                    if (!named.contains(one)) {
                        shared(one, http);
                    }
                }
                case "upstream" -> upstream(one, one.arg(0));
                default -> shared(one, http);
            }
        }
        defaults(block);
    }

    private void collectUpstreams(List<NginxDirective> all) {
        all.stream().filter(one -> one.is("upstream")).forEach(one -> keys.upstream(one.arg(0)));
    }

    /** What http and stream have alike. */
    private void shared(NginxDirective one, Section to) {
        switch (one.name()) {
            case "log_format" -> logFormat(one);
            case "map" -> map(one);
            case "geo" -> geo(one);
            case "split_clients" -> split(one);
            case "types" -> types(one);
            case "limit_req_zone", "limit_conn_zone" -> zone(one, to);
            case "proxy_cache_path" -> CachePaths.convert(one, out, losses);
            case "limit_req_status" -> rateStatus = one.arg(0);
            case "limit_conn_status" -> connectionStatus = one.arg(0);
            case "limit_req_dry_run", "limit_conn_dry_run" -> dryRun(one, to);
            case "limit_req_log_level", "limit_conn_log_level" -> to.note(one, one.text());
            default -> keys.convert(one, to);
        }
    }

    /** Where nginx and Sluice differ when nothing is said. */
    private void defaults(NginxDirective block) {
        if (!http.has("client_max_body_size")) {
            http.addText(block, "client_max_body_size", "1m");
        }
        if (!http.has("default_type")) {
            http.addText(block, "default_type", "text/plain");
        }
        if (!http.has("access_log")) {
            losses.tell(block, "without access_log nothing is logged here, nginx logs combined");
        }
        if (out.sections().stream().anyMatch(section -> section.has("gzip"))) {
            addMissing(block, "gzip_types", "text/html");
            addMissing(block, "gzip_min_length", "20");
            addMissing(block, "gzip_proxied", "off");
        }
    }

    private void addMissing(NginxDirective block, String key, String value) {
        if (!http.has(key)) {
            http.addText(bare(block), key, value);
        }
    }

    private void logFormat(NginxDirective one) {
        Section section = section("[log_format " + one.arg(0) + "]", one);
        int from = 1;
        String escape = null;
        if (one.arg(1).startsWith("escape=")) {
            escape = one.arg(1).substring(7);
            from = 2;
        }
        section.addText(one, "format",
                String.join("", one.args().subList(from, one.args().size())));
        if (escape != null) {
            section.addText(one, "escape", escape);
        }
    }

    private Section section(String header, NginxDirective one) {
        Section section = out.section(header, one);
        section.comments.addAll(one.comments());
        return section;
    }

    private void map(NginxDirective one) {
        Section section = section("[map " + variable(one.arg(1)) + "]", one);
        section.addText(bare(one), "source", IniText.quoted(one.arg(0)));
        boolean hosts = one.block().stream().anyMatch(entry -> entry.is("hostnames"));
        for (NginxDirective entry : one.block()) {
            if (entry.isComment()) {
                section.comment(entry);
                continue;
            }
            switch (entry.name()) {
                case "hostnames", "volatile" -> section.note(entry, "not needed: " + entry.text());
                case "default" -> section.add(entry, "default", entry.arg(0));
                default -> {
                    for (String key : keys(entry.name(), hosts)) {
                        section.add(entry, "value", key, entry.arg(0));
                    }
                }
            }
        }
    }

    /** An asterisk and a dot in front stand for hosts only where nginx is told so. */
    private static List<String> keys(String name, boolean hosts) {
        if (name.startsWith("~")) {
            return List.of(name);
        }
        String text = name.startsWith("\\") ? name.substring(1) : name;
        if (hosts && text.startsWith(".")) {
            return List.of(text.substring(1), "*" + text);
        }
        boolean other = text.startsWith("~") || text.startsWith("\\") || text.equals("default")
                || !hosts && (text.startsWith("*.") || text.endsWith(".*"));
        return List.of(other ? "\\" + text : text);
    }

    private static String variable(String name) {
        return name.startsWith("$") ? name.substring(1) : name;
    }

    /** The same without its comments, which stand above the section. */
    private static NginxDirective bare(NginxDirective one) {
        return new NginxDirective(one.name(), one.args(), one.block(), List.of(), one.at());
    }

    private void geo(NginxDirective one) {
        boolean named = one.args().size() > 1;
        Section section = section("[geo " + variable(one.arg(named ? 1 : 0)) + "]", one);
        if (named) {
            section.addText(bare(one), "source", one.arg(0));
        }
        for (NginxDirective entry : one.block()) {
            if (entry.isComment()) {
                section.comment(entry);
                continue;
            }
            switch (entry.name()) {
                case "default" -> section.add(entry, "default", entry.arg(0));
                case "ranges", "delete", "proxy", "proxy_recursive" ->
                        keys.lose(entry, section, "networks are written as ADDRESS/BITS");
                default -> section.add(entry, "network", entry.name(), entry.arg(0));
            }
        }
    }

    private void split(NginxDirective one) {
        Section section = section("[split " + variable(one.arg(1)) + "]", one);
        section.addText(bare(one), "source", IniText.quoted(one.arg(0)));
        for (NginxDirective entry : one.block()) {
            if (entry.isComment()) {
                section.comment(entry);
            } else {
                section.add(entry, "share", entry.name(), entry.arg(0));
            }
        }
        losses.tell(one, "the shares are as large, but other clients are in them");
    }

    private void types(NginxDirective one) {
        Section section = section("[types]", one);
        for (NginxDirective type : one.block()) {
            if (type.isComment()) {
                section.comment(type);
            } else {
                section.add(type, type.name(), type.args());
            }
        }
    }

    private void zone(NginxDirective one, Section to) {
        String name = "";
        String rate = null;
        for (String word : one.args()) {
            if (word.startsWith("zone=")) {
                name = word.substring(5).split(":")[0];
            } else if (word.startsWith("rate=")) {
                rate = word.substring(5);
            } else if (word.equals("sync")) {
                losses.lost(one, "limits are not shared between machines");
            }
        }
        if (limits.containsKey(name)) {
            keys.lose(one, to, "there is another zone of this name");
            return;
        }
        Section section = section("[limit " + name + "]", one);
        section.addText(bare(one), "key", one.arg(0));
        section.addText(bare(one), rate == null ? "connections" : "rate",
                rate == null ? "65535" : rate);
        limits.put(name, section);
    }

    private void dryRun(NginxDirective one, Section to) {
        if (one.arg(0).equals("on")) {
            for (Section limit : limits.values()) {
                if (limit.has(one.is("limit_req_dry_run") ? "rate" : "connections")) {
                    limit.addText(bare(one), "mode", "shadow");
                }
            }
        }
        to.note(one, one.text());
    }

    private void limitStatuses() {
        for (Section limit : limits.values()) {
            limit.addText(bare(limit.of), "status",
                    limit.has("rate") ? rateStatus : connectionStatus);
        }
    }

    private void upstream(NginxDirective block, String name) {
        Section section = section("[upstream " + name + "]", block);
        for (NginxDirective one : block.block()) {
            switch (one.name()) {
                case "server" -> peer(one, section);
                case "least_conn", "ip_hash" -> section.add(one, "balance", one.name());
                case "hash" -> hash(one, section);
                case "random" -> section.add(one, "balance", "random", "two");
                case "least_time" -> {
                    section.add(one, "balance", "ewma");
                    losses.tell(one, "the mean of times is another one");
                }
                default -> keys.convert(one, section);
            }
        }
    }

    private void hash(NginxDirective one, Section to) {
        to.add(one, "balance", "hash", one.arg(0), "consistent");
        if (!one.arg(1).equals("consistent")) {
            losses.tell(one, "keys go to other peers, and stay there when peers come and go");
        }
    }

    private void peer(NginxDirective one, Section to) {
        List<String> words = new ArrayList<>(one.args());
        String address = words.getFirst();
        boolean bare = !address.startsWith("unix:") && !address.matches(".*:\\d+")
                && one.args().stream().noneMatch(word -> word.startsWith("service="));
        if (bare) {
            words.set(0, address + ":80");
        }
        // Left alone for no time at all: it is never given up.
        words.replaceAll(word -> word.matches("fail_timeout=0m?s?") ? "max_fails=0" : word);
        to.add(one, "server", words);
    }

    private void stream(NginxDirective block) {
        main.comment(block);
        List<NginxDirective> own = new ArrayList<>();
        for (NginxDirective one : block.block()) {
            switch (one.name()) {
                case "upstream" -> upstream(one, one.arg(0));
                case "server", "log_format", "map", "geo", "split_clients", "" -> { }
                case "limit_conn_zone" ->
                        keys.lose(one, main, "a [stream] has no limit for each key");
                default -> own.add(one);
            }
        }
        Map<String, Integer> taken = new LinkedHashMap<>();
        for (NginxDirective one : block.block()) {
            if (one.is("server")) {
                servers.stream(one, own, taken);
            } else if (!one.is("upstream") && !one.is("limit_conn_zone") && !own.contains(one)
                    && !one.isComment()) {
                shared(one, main);
            }
        }
    }

    /** A name that a section may have. */
    static String plain(String text) {
        String name = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_.-]+", "-")
                .replaceAll("^[-.]+|[-.]+$", "");
        return name.isEmpty() ? "server" : name;
    }
}
