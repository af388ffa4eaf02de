package dev.sluice.common.config;

import com.google.re2j.Pattern;
import dev.sluice.common.config.LocationConfig.Match;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sections of all files put in their places, every entry checked on its own: what is left to
 * check is what entries mean together. Sections without a name may be repeated and are one; a named
 * section may not. Owner: the loading thread.
 */
final class SectionTree {

    private static final Match[] MATCHES = Match.values();

    /** A location with its header taken apart; the template is null where it has none. */
    record LocationScope(Scope scope, String server, Match match, String pattern,
            PathTemplate template) {

        /** The names of the header. */
        String names() {
            String modifier = match.modifier().isEmpty() ? " " : " " + match.modifier() + " ";
            return Words.quote(server) + modifier + Words.quote(pattern);
        }

        /** What may stand only once: the paths of a server together with the conditions. */
        String identity() {
            String paths = template == null ? pattern : template.shape();
            // Neither a name nor a path holds a zero, so the text tells all of them apart.
            StringBuilder all = new StringBuilder(server).append('\0').append(match.modifier())
                    .append('\0').append(paths).append('\0');
            List<String> methods = scope.ownValue(RouteKeys.METHODS);
            if (methods != null) {
                all.append(methods.stream().sorted().toList());
            }
            if (scope.has(RouteKeys.WHEN)) {
                all.append(scope.ownValues(RouteKeys.WHEN).stream()
                        .map(ConditionConfig::question).sorted().toList());
            }
            return all.toString();
        }
    }

    private final Problems problems;
    private final KnownModules modules;
    private final Defaults defaults;
    private final Map<SectionKind, Scope> unnamed = new EnumMap<>(SectionKind.class);
    private final Map<SectionKind, Map<String, Scope>> named = new EnumMap<>(SectionKind.class);
    private final List<LocationScope> locations = new ArrayList<>();
    private final Map<String, LocationScope> firstLocations = new HashMap<>();
    private final List<Scope> derived = new ArrayList<>();
    private final List<IniEntry> types = new ArrayList<>();

    SectionTree(Problems problems, Path directory, KnownModules modules) {
        this.problems = problems;
        this.modules = modules;
        this.defaults = new Defaults(directory);
        for (SectionKind kind : List.of(SectionKind.MAIN, SectionKind.EVENTS, SectionKind.HTTP)) {
            unnamed.put(kind, new Scope(kind, "", SourceLine.NONE, defaults));
        }
    }

    void add(IniSection section) {
        List<String> words;
        try {
            words = Words.split(section.header());
        } catch (BadValue e) {
            problems.error(section.at(), "[" + section.header() + "]: " + e.getMessage());
            return;
        }
        String word = words.getFirst();
        SectionKind kind = SectionKind.of(word);
        if (kind == null) {
            unknown(section, word);
            return;
        }
        List<String> names = words.subList(1, words.size());
        Scope scope;
        LocationScope location = null;
        if (!kind.hasName()) {
            if (!names.isEmpty()) {
                problems.error(section.at(), "[" + word + "] has no name, found \""
                        + String.join(" ", names) + "\"", "write " + kind.form());
            }
            if (kind == SectionKind.TYPES) {
                types.addAll(section.entries());
                return;
            }
            scope = unnamed.computeIfAbsent(kind,
                    k -> new Scope(k, "", section.at(), defaults));
        } else if (kind == SectionKind.LOCATION) {
            location = location(section, names);
            scope = location.scope();
        } else {
            scope = namedScope(kind, section, names);
        }
        for (IniEntry entry : section.entries()) {
            add(scope, entry);
        }
        if (location != null && location.match() != null) {
            place(location);
        }
    }

    private void unknown(IniSection section, String word) {
        String nearest = Spelling.nearest(word, SectionKind.words());
        problems.error(section.at(), "unknown section [" + section.header() + "]", nearest == null
                ? "expected one of " + String.join(" ", SectionKind.words())
                : "did you mean " + SectionKind.of(nearest).form() + "?");
    }

    private Scope namedScope(SectionKind kind, IniSection section, List<String> names) {
        String name = names.isEmpty() ? "" : names.getFirst();
        Scope scope = new Scope(kind, name, section.at(), defaults);
        if (names.size() != 1 || !isPlainName(name)) {
            problems.error(section.at(), names.isEmpty() ? "[" + kind.word() + "] needs a name"
                    : "[" + section.header() + "] is not named by one plain word",
                    "write " + kind.form() + " with letters, digits and _ . -");
        }
        if (kind == SectionKind.MAP || kind == SectionKind.SPLIT || kind == SectionKind.GEO) {
            derived.add(scope);
        }
        Map<String, Scope> siblings = named.computeIfAbsent(kind, k -> new LinkedHashMap<>());
        Scope first = siblings.putIfAbsent(name, scope);
        if (first != null && !name.isEmpty()) {
            problems.error(section.at(), scope.title() + " is there twice, first at " + first.at,
                    "put all its keys into one section");
        }
        return scope;
    }

    /** Letters, digits and _ . -, of which the last two do not come first. */
    private static boolean isPlainName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean word = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                    || c == '_';
            if (!word && (i == 0 || c != '.' && c != '-')) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Its match is null when the header does not say one. */
    private LocationScope location(IniSection section, List<String> words) {
        String name = section.header().substring(SectionKind.LOCATION.word().length()).trim();
        Scope scope = new Scope(SectionKind.LOCATION, name, section.at(), defaults);
        Match match = words.size() == 3 ? matchOf(words.get(1))
                : words.isEmpty() ? null : matchByPattern(words.getLast());
        if (words.size() < 2 || words.size() > 3 || match == null) {
            problems.error(section.at(), scope.title() + " is not a server and a pattern",
                    "write " + SectionKind.LOCATION.form()
                            + "; a pattern with spaces stands in quotes");
            return new LocationScope(scope, "", null, "", null);
        }
        String pattern = words.getLast();
        try {
            checkPattern(match, pattern);
            return new LocationScope(scope, words.getFirst(), match, pattern,
                    match == Match.TEMPLATE ? PathTemplate.parse(pattern) : null);
        } catch (BadValue e) {
            problems.error(section.at(), scope.title() + ": " + e.getMessage(), e.help());
            return new LocationScope(scope, words.getFirst(), null, pattern, null);
        }
    }

    private void place(LocationScope location) {
        locations.add(location);
        LocationScope first = firstLocations.putIfAbsent(location.identity(), location);
        if (first == null) {
            return;
        }
        Scope scope = location.scope();
        if (first.pattern().equals(location.pattern())) {
            problems.error(scope.at, scope.title() + " is there twice, first at "
                    + first.scope().at, "put all its keys into one section");
        } else {
            problems.error(scope.at, scope.title() + " matches the same paths as "
                    + first.scope().title() + " at " + first.scope().at,
                    "the names of parameters make no difference; give one of them methods or when");
        }
    }

    private static Match matchByPattern(String pattern) {
        return pattern.startsWith("@") ? Match.NAMED
                : PathTemplate.isMeant(pattern) ? Match.TEMPLATE : Match.PREFIX;
    }

    private static Match matchOf(String modifier) {
        for (Match match : MATCHES) {
            if (!match.modifier().isEmpty() && match.modifier().equals(modifier)) {
                return match;
            }
        }
        return null;
    }

    private static void checkPattern(Match match, String pattern) throws BadValue {
        if (match.isRegex()) {
            checkExpression(match, pattern);
            return;
        }
        if (matchOf(pattern) != null) {
            throw new BadValue("the pattern after \"" + pattern + "\" is missing",
                    "write [location SERVER " + pattern + " PATTERN]");
        }
        if (pattern.startsWith("@")) {
            if (match != Match.NAMED || !pattern.matches("@[A-Za-z0-9_.-]+")) {
                throw new BadValue("\"" + pattern + "\" is not the name of a location",
                        "write @NAME with letters, digits and _ . -, and no modifier");
            }
            return;
        }
        if (!pattern.startsWith("/")) {
            throw new BadValue("the pattern \"" + pattern + "\" does not begin with /",
                    helpOf(match, pattern));
        }
        if (hasControl(pattern)) {
            throw new BadValue("the pattern has a control character, which no path has");
        }
        if (match != Match.TEMPLATE && PathTemplate.isMeant(pattern)) {
            throw new BadValue("parameters and \"" + match.modifier() + "\" exclude each other",
                    "leave the \"" + match.modifier() + "\" out: a template is a whole path");
        }
        if (pattern.indexOf('?') >= 0) {
            throw new BadValue("the query is no part of what is matched", "leave out the \"?\"");
        }
    }

    /** nginx takes a modifier without a space behind it. */
    private static String helpOf(Match match, String pattern) {
        String glued = "";
        for (Match one : MATCHES) {
            boolean longer = one.modifier().length() > glued.length();
            glued = longer && pattern.startsWith(one.modifier()) ? one.modifier() : glued;
        }
        return glued.isEmpty() || !match.modifier().isEmpty()
                ? "write /" + pattern + ", or ~ in front of a regular expression"
                : "write [location SERVER " + glued + " " + pattern.substring(glued.length())
                        + "] with a space behind the " + glued;
    }

    private static void checkExpression(Match match, String pattern) throws BadValue {
        try {
            Pattern compiled = AddressTypes.compile(pattern, match == Match.REGEX_NOCASE);
            assert compiled != null;
        } catch (BadValue e) {
            throw new BadValue(e.getMessage(), e.help() != null ? e.help()
                    : "a \\ takes the next character as it is: \\( \\[ \\* \\.");
        }
    }

    private static boolean hasControl(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            if (Character.isISOControl(pattern.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private void add(Scope scope, IniEntry entry) {
        ConfigKey<?> key = ConfigKeys.find(scope.kind, entry.key());
        if (key == null) {
            key = modules.find(scope, entry.key());
        }
        if (key == null && modules.mayKnow(scope.kind) && !ConfigKeys.isAnywhere(entry.key())) {
            // The jar that could not be read has been told of.
            return;
        }
        if (key == null) {
            BadValue wrong = ConfigKeys.notFound(scope.kind, scope.title(), entry.key(),
                    modules.nearest(scope, entry.key()));
            problems.error(entry.at(), wrong.getMessage(), wrong.help());
        } else {
            set(scope, key, entry);
        }
    }

    private <T> void set(Scope scope, ConfigKey<T> key, IniEntry entry) {
        if (!key.repeated() && scope.has(key)) {
            problems.error(entry.at(), "\"" + key.name() + "\" is given twice in " + scope.title()
                    + ", first at " + scope.own(key).getFirst().value().at(), "keep one of them");
            return;
        }
        String text = entry.value() == null ? "" : entry.value();
        Value value = new Value(text, entry.at(), defaults.directory());
        if (text.isEmpty()) {
            problems.error(entry.at(), "\"" + key.name() + "\" has no value", expected(key));
            scope.add(new Setting<T>(key, value, null));
            return;
        }
        T parsed = null;
        try {
            parsed = key.type().parse(value);
        } catch (BadValue e) {
            String help = e.help() == null ? expected(key) : e.help();
            problems.error(entry.at(), "\"" + key.name() + "\": " + e.getMessage(),
                    text.endsWith(";") ? "leave out the \";\" at the end of the line" : help);
        }
        scope.add(new Setting<>(key, value, parsed));
    }

    private static String expected(ConfigKey<?> key) {
        String form = "expected " + key.type().form();
        return key.defaultText() == null ? form : form + "; the default is " + key.defaultText();
    }

    KnownModules modules() {
        return modules;
    }

    /** Null for a section that no file has; main, events and http are always there. */
    Scope unnamed(SectionKind kind) {
        return unnamed.get(kind);
    }

    List<Scope> named(SectionKind kind) {
        return List.copyOf(named.getOrDefault(kind, Map.of()).values());
    }

    /** Sections that define variables, in the order of the file. */
    List<Scope> derived() {
        return List.copyOf(derived);
    }

    List<LocationScope> locations() {
        return List.copyOf(locations);
    }

    List<IniEntry> types() {
        return types;
    }
}
