package dev.sluice.master.convert;

import dev.sluice.master.convert.IniText.Line;
import dev.sluice.master.convert.IniText.Section;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Servers with their locations, and servers of streams.
 *
 * <p>Owner: the calling thread.
 */
final class Servers {

    /** Lists that merge here, and begin anew in nginx where a section has its own. */
    private static final Set<String> MERGING = Set.of("add_header", "proxy_set_header",
            "proxy_hide_header", "proxy_pass_header", "error_page");
    /** What a location inside another one does not get from it. */
    private static final Set<String> NOT_INHERITED = Set.of("proxy_pass", "grpc_pass", "return",
            "rewrite", "try_files", "alias", "internal", "methods");
    private static final Set<String> LISTEN_WORDS =
            Set.of("ssl", "proxy_protocol", "default_server", "udp", "auto");
    /** What an answer gets of the location around its condition. */
    private static final Set<String> FIELDS = Set.of("clear", "add_header", "set_header");
    private static final String TO_HTTPS = "https://.*\\$request_uri";

    private final IniText out;
    private final Keys keys;
    private final Losses losses;
    private final Map<String, Integer> taken = new HashMap<>();
    /** Locations for what is no file. */
    private final Map<String, Integer> passed = new HashMap<>();

    Servers(IniText out, Keys keys, Losses losses) {
        this.out = out;
        this.keys = keys;
        this.losses = losses;
    }

    /** @param pages {@code error_page}s of all servers that lead to locations by their names */
    void server(NginxDirective block, Section http, List<NginxDirective> pages) {
        String name = unique(nameOf(block), taken);
        Section section = out.section("[server " + name + "]", block);
        section.comments.addAll(block.comments());
        List<NginxDirective> conditions = new ArrayList<>();
        for (NginxDirective one : block.block()) {
            switch (one.name()) {
                case "listen" -> listen(one, section);
                case "server_name" -> names(one, section);
                case "location" -> { }
                case "if" -> condition(one, section, conditions);
                default -> keys.convert(one, section);
            }
        }
        if (!section.has("listen")) {
            section.addText(new NginxDirective("listen", List.of(), null, List.of(), block.at()),
                    "listen", "80");
        }
        if (!section.has("error_page")) {
            pages.forEach(one -> keys.convert(one, section));
        }
        beginAnew(block, section, List.of(http));
        for (NginxDirective one : block.block()) {
            if (one.is("location")) {
                location(one, name, List.of(http, section), null);
            }
        }
        conditions.forEach(one -> alternatives(one, section, name, List.of(http, section)));
    }

    private static void condition(NginxDirective one, Section to, List<NginxDirective> others) {
        if (!toHttps(one, to)) {
            others.add(one);
        }
    }

    private static String nameOf(NginxDirective block) {
        for (NginxDirective one : block.block()) {
            if (one.is("server_name") && !one.arg(0).isEmpty() && !one.arg(0).equals("_")) {
                return Conversion.plain(one.arg(0));
            }
        }
        return "default";
    }

    private static String unique(String name, Map<String, Integer> taken) {
        int count = taken.merge(name, 1, Integer::sum);
        return count == 1 ? name : name + "-" + count;
    }

    private void listen(NginxDirective one, Section to) {
        String address = one.arg(0);
        if (one.args().contains("quic")) {
            keys.lose(one, to, "HTTP/3 is not spoken");
            return;
        }
        List<String> words = new ArrayList<>(List.of(address(address)));
        for (String word : one.args().subList(1, one.args().size())) {
            if (word.equals("http2")) {
                if (!to.has("http2")) {
                    to.add(one, "http2", "on");
                }
            } else if (word.equals("default")) {
                words.add("default_server");
            } else if (LISTEN_WORDS.contains(word) || word.startsWith("backlog=")
                    || word.startsWith("fastopen=")) {
                words.add(word);
            } else if (!word.equals("reuseport") && !word.startsWith("ipv6only")
                    && !word.equals("bind")) {
                losses.tell(one, "\"" + word + "\" is left out");
            }
        }
        to.add(one, "listen", words);
    }

    private static String address(String text) {
        if (text.startsWith("unix:") || text.matches("\\d+") || text.matches(".*[^:\\[]:\\d+")
                || text.matches("\\[.*]:\\d+")) {
            return text.startsWith("localhost:") ? "127.0.0.1" + text.substring(9) : text;
        }
        return (text.equals("localhost") ? "127.0.0.1" : text) + ":80";
    }

    private void names(NginxDirective one, Section to) {
        List<String> names = new ArrayList<>();
        for (String name : one.args()) {
            if (name.equals("$hostname")) {
                losses.lost(one, "write the name of the machine for $hostname");
            } else if (!name.isEmpty()) {
                names.add(name);
            }
        }
        if (names.isEmpty()) {
            to.note(one, one.text());
        } else {
            to.add(one, "server_name", names);
        }
    }

    /** The way to https is a key. @return false for what else an if says */
    private static boolean toHttps(NginxDirective one, Section to) {
        String asked = Conditions.asked(one);
        boolean plain = asked.matches("\\$scheme (!= \"?https\"?|= \"?http\"?)")
                || asked.matches("\\$https = ?(\"\")?|\\$server_port = \"?80\"?");
        boolean only = one.block().size() == 1;
        NginxDirective first = only ? one.block().getFirst() : one;
        boolean away = first.is("return") && first.arg(1).matches(TO_HTTPS)
                || first.is("rewrite") && first.arg(1).matches("https://.*");
        if (plain && away) {
            to.add(one, "https_redirect", first.arg(0).equals("302") ? "on" : "301");
        }
        return plain && away;
    }

    /** What an if answers, a location of the same pattern does where its condition holds. */
    private void alternative(NginxDirective one, Section of, List<Section> above) {
        String when = Conditions.when(one);
        if (when == null && fileTest(one, of, above)) {
            return;
        }
        if (when == null) {
            keys.lose(one, of, Conditions.reason(one));
            for (NginxDirective inner : one.block()) {
                of.note(inner, "    " + inner.text());
            }
            return;
        }
        answer(one, of.header, when, of, above);
    }

    /** @return whether try_files does the same */
    private boolean fileTest(NginxDirective one, Section of, List<Section> above) {
        List<String> words = FileTests.words(one);
        boolean server = of.header.startsWith("[server ");
        if (words == null || of.has("try_files") || of.has("proxy_pass") || of.has("return")
                || of.has("rewrite") || server && hasLocations(of)) {
            return false;
        }
        if (words.getLast().equals(FileTests.PASSED_ON)) {
            String name = of.header.replaceAll("^\\[location ([^ ]+) .*", "$1");
            String target = "@" + unique("no-file", passed);
            Section to = out.section("[location " + name + " " + target + "]", one);
            NginxDirective bare = new NginxDirective("if", one.args(), null, List.of(), one.at());
            one.block().stream().filter(inner -> !inner.is("break"))
                    .forEach(inner -> keys.convert(inner, to));
            inherit(of, to);
            if (!to.has("clear")) {
                beginAnew(bare, to, above.subList(0, above.size() - 1));
            }
            words.set(words.size() - 1, target);
        }
        of.add(one, "try_files", words);
        return true;
    }

    private boolean hasLocations(Section server) {
        String name = server.header.replaceAll("^\\[server |]$", "");
        return out.sections().stream()
                .anyMatch(section -> section.header.startsWith("[location " + name + " "));
    }

    private void answer(NginxDirective one, String header, String when, Section of,
            List<Section> above) {
        Section section = out.section(header, one);
        section.comments.addAll(one.comments());
        NginxDirective bare = new NginxDirective("if", one.args(), null, List.of(), one.at());
        section.addText(bare, "when", when);
        one.block().forEach(inner -> keys.convert(Conditions.asReturn(inner), section));
        if (section.has("add_header")) {
            beginAnew(one, section, above);
        } else {
            of.lines.stream().filter(line -> line.isKey() && FIELDS.contains(line.key()))
                    .forEach(line -> section.addText(bare, line.key(), line.value()));
        }
    }

    /** In a server, an if comes before all of its locations. */
    private void alternatives(NginxDirective one, Section server, String name,
            List<Section> above) {
        String when = Conditions.when(one);
        if (when == null) {
            alternative(one, server, above);
            return;
        }
        String all = "[location " + name + " /]";
        Set<String> headers = new LinkedHashSet<>(Set.of(all));
        for (Section section : out.sections()) {
            if (section.header.startsWith("[location " + name + " ") && !section.has("internal")
                    && !section.header.startsWith("[location " + name + " @")) {
                headers.add(section.header);
            }
        }
        headers.forEach(header -> answer(one, header, when, server, above));
    }

    /** @param outer the section of the location that it stands in; null for a server's own */
    private void location(NginxDirective block, String server, List<Section> above,
            Section outer) {
        List<String> words = new ArrayList<>();
        for (String arg : block.args()) {
            words.add(IniText.quoted(arg));
        }
        String pattern = String.join(" ", words).replaceFirst("^(=|\\^~|~\\*|~)(?=[^ *])", "$1 ");
        if (outer != null && pattern.startsWith("~")) {
            pattern = within(block, outer, pattern);
        }
        Section section = out.section("[location " + server + " " + pattern + "]", block);
        section.comments.addAll(block.comments());
        List<NginxDirective> conditions = new ArrayList<>();
        for (NginxDirective one : block.block()) {
            switch (one.name()) {
                case "location" -> { }
                case "if" -> condition(one, section, conditions);
                case "limit_except" -> methods(one, section);
                case "internal" -> section.addText(one, "internal", "on");
                default -> keys.convert(one, section);
            }
        }
        if (outer != null) {
            inherit(outer, section);
        }
        beginAnew(block, section, above);
        List<Section> aboveInner = new ArrayList<>(above);
        aboveInner.add(section);
        conditions.forEach(one -> alternative(one, section, aboveInner));
        for (NginxDirective one : block.block()) {
            if (one.is("location")) {
                location(one, server, aboveInner, section);
            }
        }
    }

    /** An expression inside a location is looked at for what that location matches. */
    private String within(NginxDirective block, Section outer, String pattern) {
        String path = outer.header.replaceAll("^\\[location [^ ]+ (\\^~ |= )?|]$", "");
        int space = pattern.indexOf(' ');
        if (path.startsWith("~")) {
            losses.lost(block, "it stands inside an expression, and is looked at for all paths");
            return pattern;
        }
        return pattern.substring(0, space) + " ^"
                + path.replaceAll("([.\\\\+*?^$()\\[\\]{}|])", "\\\\$1") + ".*(?:"
                + pattern.substring(space + 1) + ")";
    }

    private void methods(NginxDirective one, Section to) {
        boolean denies = one.block().size() == 1 && one.block().getFirst().is("deny")
                && one.block().getFirst().arg(0).equals("all");
        if (denies) {
            to.add(one, "methods", one.args());
            losses.tell(one, "other methods are answered with 405 and not 403");
        } else {
            keys.lose(one, to, "write a location for the methods: methods = "
                    + String.join(" ", one.args()));
        }
    }

    /** Locations stand beside each other here: the inner one repeats what the outer one says. */
    private static void inherit(Section outer, Section inner) {
        for (Line line : List.copyOf(outer.lines)) {
            if (line.isKey() && !NOT_INHERITED.contains(line.key()) && !inner.has(line.key())) {
                inner.addText(new NginxDirective(line.of.name(), line.of.args(), null, List.of(),
                        line.of.at()), line.key(), line.value());
            }
        }
    }

    /** A list of nginx's own replaces the outer one, here it would be added to it. */
    private static void beginAnew(NginxDirective of, Section section, List<Section> above) {
        List<String> lists = MERGING.stream().sorted().filter(key -> section.has(key)
                && above.stream().anyMatch(outer -> outer.has(key))).toList();
        if (!lists.isEmpty()) {
            section.add(new NginxDirective(of.name(), of.args(), null, List.of(), of.at()),
                    "clear", lists);
        }
    }

    /** @param own what the block of all streams says */
    void stream(NginxDirective block, List<NginxDirective> own, Map<String, Integer> names) {
        String listen = block.block().stream().filter(one -> one.is("listen")).findFirst()
                .map(one -> one.arg(0)).orElse("none");
        Section section = out.section("[stream "
                + unique("port-" + Conversion.plain(listen.replaceAll(".*:", "")), names) + "]",
                block);
        section.comments.addAll(block.comments());
        for (NginxDirective one : block.block()) {
            streamKey(one, section);
        }
        for (NginxDirective one : own) {
            if (!section.has(one.name())) {
                streamKey(new NginxDirective(one.name(), one.args(), one.block(), List.of(),
                        one.at()), section);
            }
        }
    }

    private void streamKey(NginxDirective one, Section to) {
        switch (one.name()) {
            case "listen" -> listen(one, to);
            case "proxy_pass" -> to.add(one, "proxy_pass", one.arg(0));
            case "proxy_protocol" ->
                    to.add(one, "proxy_protocol", one.arg(0).equals("on") ? "v1" : "off");
            default -> keys.convert(one, to);
        }
    }
}
