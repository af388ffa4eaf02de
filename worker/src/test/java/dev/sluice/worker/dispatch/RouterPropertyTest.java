package dev.sluice.worker.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.config.ConfigLoader;
import dev.sluice.common.config.LoadedConfig;
import dev.sluice.worker.exchange.RecordingStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compiled router finds what a naive one finds that looks at every location. */
class RouterPropertyTest {

    private static final String[] MODIFIERS = {"=", "^~", "", "~", "~*", "template"};
    private static final String[] METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"};
    private static final String[] CONDITIONS = {
        "$http_x_a == \"1\"", "$http_x_a != 1", "$arg_q ~ ^[bc]", "$scheme == https",
        "$remote_addr in 192.0.2.0/24", "$cookie_c !~* ^X", "$request_method == POST"};

    @TempDir
    private Path directory;

    /** One location as an operator wrote it; number tells it from the others. */
    private record Place(int number, String modifier, String pattern, Set<String> methods,
            Set<String> conditions, boolean proxied) {

        String section() {
            StringBuilder text = new StringBuilder("[location w ");
            boolean plain = modifier.isEmpty() || modifier.equals("template");
            text.append(plain ? "" : modifier + " ").append('"').append(pattern).append("\"]\n");
            if (!methods.isEmpty()) {
                text.append("methods = ").append(String.join(" ", methods)).append('\n');
            }
            conditions.forEach(one -> text.append("when = ").append(one).append('\n'));
            if (proxied) {
                return text.append("proxy_pass = http://127.0.0.1:9\n").toString();
            }
            text.append("return = 200 \"").append(number);
            for (String segment : pattern.split("/")) {
                if (modifier.equals("template") && segment.startsWith("{")) {
                    text.append(" $path_").append(name(segment));
                }
            }
            return text.append("\"\n").toString();
        }

        static String name(String segment) {
            return segment.replaceAll("[^a-z0-9]", "");
        }

        /** What may be there once. */
        String identity() {
            return modifier + pattern.replaceAll("\\{[a-z0-9]+", "{") + methods + conditions;
        }

        boolean isPrefix() {
            return modifier.isEmpty() || modifier.equals("^~");
        }

        /** Whether a path is redirected to this one for want of a slash. */
        boolean addsSlashTo(String path) {
            return proxied && isPrefix() && pattern.equals(path + "/");
        }

        boolean isRegex() {
            return modifier.startsWith("~");
        }
    }

    /** A request, and what the conditions are about. */
    private record Asked(String method, String path, String query, String header, String cookie) {

        boolean holds(String condition) {
            return switch (condition) {
                case "$http_x_a == \"1\"" -> header.equals("1");
                case "$http_x_a != 1" -> !header.equals("1");
                case "$arg_q ~ ^[bc]" -> query.startsWith("b") || query.startsWith("c");
                case "$scheme == https" -> false;
                case "$remote_addr in 192.0.2.0/24" -> true;
                case "$cookie_c !~* ^X" -> !cookie.toLowerCase().startsWith("x");
                default -> method.equals("POST");
            };
        }

        String text() {
            return method + " " + path + "?q=" + query + " HTTP/1.1\nHost: x"
                    + (header.isEmpty() ? "" : "\nX-A: " + header)
                    + (cookie.isEmpty() ? "" : "\nCookie: a=1; c=" + cookie);
        }
    }

    @Test
    void equalsANaiveRouterOnRandomTables() {
        long seed = new Random().nextLong();
        System.out.println("RouterPropertyTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 150; round++) {
            List<Place> places = places(random, 1 + random.nextInt(40));
            StringBuilder text = new StringBuilder("[server w]\nlisten = 80\nroot = .\n");
            places.forEach(place -> text.append(place.section()));
            LoadedConfig loaded = ConfigLoader.loadText(text.toString(), directory);
            assertTrue(loaded.errors().isEmpty(), () -> "seed " + seed + loaded.errors() + text);
            RoutingHarness h = new RoutingHarness(loaded.config());
            for (int i = 0; i < 100; i++) {
                Asked asked = new Asked(any(random, METHODS), path(random),
                        any(random, "a", "b", "cc"), any(random, "", "1", "2"),
                        any(random, "", "x1", "y"));
                assertEquals(naive(places, asked), answer(h, asked),
                        () -> "seed " + seed + "\n" + text + "\n" + asked);
            }
        }
    }

    private static String any(Random random, String... all) {
        return all[random.nextInt(all.length)];
    }

    /** Few letters, so that paths share beginnings and often match. */
    private static String path(Random random) {
        StringBuilder path = new StringBuilder("/");
        for (int i = random.nextInt(8); i > 0; i--) {
            char next = "ab//".charAt(random.nextInt(4));
            boolean doubled = next == '/' && path.charAt(path.length() - 1) == '/';
            path.append(doubled ? 'a' : next);
        }
        return path.toString();
    }

    private static List<Place> places(Random random, int count) {
        List<Place> places = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < count; i++) {
            String modifier = any(random, MODIFIERS);
            String pattern = switch (modifier) {
                case "~", "~*" -> (random.nextBoolean() ? "^" : "") + path(random)
                        + any(random, "$", "", "b*");
                case "template" -> template(random);
                default -> path(random);
            };
            Set<String> methods = new TreeSet<>();
            Set<String> conditions = new TreeSet<>();
            for (int k = random.nextInt(3); k > 0; k--) {
                methods.add(any(random, METHODS));
            }
            for (int k = random.nextInt(3) - random.nextInt(2); k > 0; k--) {
                conditions.add(any(random, CONDITIONS));
            }
            boolean proxied = random.nextBoolean() && pattern.length() > 1
                    && !modifier.startsWith("~") && !modifier.equals("template");
            // Marked and unmarked prefixes of one text are two patterns that mean one thing.
            String text = modifier.equals("^~") || modifier.isEmpty()
                    ? pattern + "prefix" : modifier + pattern;
            Place place = new Place(i, modifier, pattern, methods, conditions, proxied);
            boolean other = places.stream().anyMatch(one -> one.pattern.equals(pattern)
                    && !one.modifier.equals(modifier) && text.endsWith("prefix"));
            if (!other && taken.add(place.identity())) {
                places.add(place);
            }
        }
        return places;
    }

    private static String template(Random random) {
        StringBuilder text = new StringBuilder();
        int segments = 1 + random.nextInt(4);
        int parameter = random.nextInt(segments);
        String suffix = any(random, "x", "y");
        for (int i = 0; i < segments; i++) {
            boolean rest = i == segments - 1 && random.nextInt(3) == 0;
            text.append('/').append(rest ? "{" + suffix + "rest...}"
                    : i == parameter || random.nextInt(3) == 0 ? "{" + suffix + i + "}"
                    : any(random, "a", "b", "ab"));
        }
        return text.append(random.nextInt(4) == 0 && text.charAt(text.length() - 2) != '.'
                ? "/" : "").toString();
    }

    private static String answer(RoutingHarness h, Asked asked) {
        RecordingStream client = h.send(asked.text());
        return switch (client.status()) {
            case 405, 204 -> client.status() + " " + client.header("allow");
            case 200 -> h.client.exchange.location.label.isEmpty() ? "none"
                    : asked.method.equals("HEAD") ? "head"
                    : client.body().startsWith("proxy ")
                    ? "proxy " + h.client.exchange.location.label
                    : client.body();
            case 301 -> client.header("location");
            default -> "status " + client.status();
        };
    }

    /** As nginx does it: where nothing has the path itself, and a proxy has it with a slash. */
    private static boolean wantsSlash(List<Place> places, Asked asked) {
        return places.stream().noneMatch(one -> one.pattern.equals(asked.path)
                    && (one.isPrefix() || one.modifier.equals("=")))
                && places.stream().anyMatch(one -> one.addsSlashTo(asked.path)
                    && one.conditions.stream().allMatch(asked::holds));
    }

    private static String naive(List<Place> places, Asked asked) {
        if (wantsSlash(places, asked)) {
            return "http://x" + asked.path + "/?q=" + asked.query;
        }
        Place best = null;
        String bestKinds = "";
        for (Place place : places) {
            String kinds = place.isRegex() ? null : kinds(place, asked.path);
            boolean there = kinds != null && place.conditions.stream().allMatch(asked::holds);
            if (there && (best == null || kinds.compareTo(bestKinds) > 0)) {
                best = place;
                bestKinds = kinds;
            }
        }
        boolean decided = best != null && !best.modifier.isEmpty();
        for (Place place : places) {
            // An expression that is there several times stands at its first place.
            boolean there = place.isRegex() && places.stream().anyMatch(
                    one -> one.modifier.equals(place.modifier)
                            && one.pattern.equals(place.pattern)
                            && one.conditions.stream().allMatch(asked::holds));
            if (!decided && there && finds(place, asked.path)) {
                best = place;
                decided = true;
            }
        }
        return best == null ? "none" : among(places, best, asked);
    }

    private static boolean finds(Place place, String path) {
        int flags = place.modifier.equals("~*") ? Pattern.CASE_INSENSITIVE : 0;
        return Pattern.compile(place.pattern, flags).matcher(path).find();
    }

    /**
     * What each byte of the path is matched by: L a letter of the pattern, J a parameter, G a
     * rest, C nothing more of a prefix; the last character breaks ties. The greatest wins.
     */
    private static String kinds(Place place, String path) {
        if (place.modifier.equals("=")) {
            return place.pattern.equals(path) ? "L".repeat(path.length()) + "4" : null;
        }
        if (!place.modifier.equals("template")) {
            int length = place.pattern.length();
            return path.startsWith(place.pattern)
                    ? "L".repeat(length) + "C".repeat(path.length() - length) + "1" : null;
        }
        StringBuilder kinds = new StringBuilder();
        int at = 0;
        for (String segment : place.pattern.substring(1).split("/", -1)) {
            if (at >= path.length() || path.charAt(at) != '/') {
                return null;
            }
            kinds.append('L');
            at++;
            int end = path.indexOf('/', at) < 0 ? path.length() : path.indexOf('/', at);
            if (segment.endsWith("...}")) {
                kinds.append("G".repeat(path.length() - at));
                at = path.length();
            } else if (segment.startsWith("{") && end > at) {
                kinds.append("J".repeat(end - at));
                at = end;
            } else if (segment.equals(path.substring(at, end))) {
                kinds.append("L".repeat(end - at));
                at = end;
            } else {
                return null;
            }
        }
        String tie = place.pattern.endsWith("...}") ? "2" : "3";
        return at == path.length() ? kinds + tie : null;
    }

    /** Chooses among the locations of the pattern that was found. */
    private static String among(List<Place> places, Place found, Asked asked) {
        String shape = found.pattern.replaceAll("\\{[a-z0-9]+", "{");
        List<Place> same = new ArrayList<>();
        for (Place place : places) {
            if (place.modifier.equals(found.modifier)
                    && place.pattern.replaceAll("\\{[a-z0-9]+", "{").equals(shape)) {
                same.add(place);
            }
        }
        same.sort((a, b) -> Boolean.compare(takesAll(a), takesAll(b)));
        Set<String> allowed = new HashSet<>();
        for (Place place : same) {
            allowed.addAll(place.methods.isEmpty() ? List.of() : place.methods);
            boolean get = place.methods.contains("GET") && asked.method.equals("HEAD");
            boolean has = place.methods.isEmpty() || place.methods.contains(asked.method) || get;
            if (has && place.conditions.stream().allMatch(asked::holds)) {
                return asked.method.equals("HEAD") ? "head" : body(place, asked.path);
            }
        }
        return refusal(same, asked);
    }

    private static boolean takesAll(Place place) {
        return place.methods.isEmpty() && place.conditions.isEmpty();
    }

    private static String refusal(List<Place> same, Asked asked) {
        StringBuilder allow = new StringBuilder();
        for (String method : List.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS",
                "TRACE", "PATCH")) {
            boolean has = method.equals("OPTIONS") || same.stream().anyMatch(
                    one -> one.methods.isEmpty() || one.methods.contains(method)
                            || method.equals("HEAD") && one.methods.contains("GET"));
            boolean never = method.equals("CONNECT") || method.equals("TRACE");
            if (has && !never) {
                allow.append(allow.isEmpty() ? "" : ", ").append(method);
            }
        }
        return (asked.method.equals("OPTIONS") ? "204 " : "405 ") + allow;
    }

    private static String body(Place place, String path) {
        if (place.proxied) {
            return "proxy " + (place.modifier.isEmpty() ? "" : place.modifier + " ")
                    + place.pattern;
        }
        StringBuilder body = new StringBuilder().append(place.number);
        String[] segments = place.pattern.split("/", -1);
        String[] given = path.split("/", -1);
        for (int i = 0; i < segments.length && place.modifier.equals("template"); i++) {
            if (segments[i].endsWith("...}")) {
                body.append(' ').append(String.join("/",
                        List.of(given).subList(i, given.length)));
            } else if (segments[i].startsWith("{")) {
                body.append(' ').append(given[i]);
            }
        }
        return body.toString();
    }
}
