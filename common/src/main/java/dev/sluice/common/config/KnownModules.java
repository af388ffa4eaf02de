package dev.sluice.common.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The modules of a configuration in the order in which their hooks are called. They are found
 * before any other key is looked at, because they add to the language. Owner: the loading thread.
 */
final class KnownModules {

    static final KnownModules NONE = new KnownModules(List.of(), Map.of(), false);

    /** Where a jar was named. */
    private record Found(ModuleJar jar, SourceLine at) {}

    private final List<ModuleJar> jars;
    private final Map<String, SourceLine> places;
    /** A jar could not be read: whose keys are unknown is not known. */
    private final boolean broken;
    private final Map<ModuleJar, Inherited<ModuleSettings>> inherited = new HashMap<>();

    private KnownModules(List<ModuleJar> jars, Map<String, SourceLine> places, boolean broken) {
        this.jars = List.copyOf(jars);
        this.broken = broken;
        this.places = places;
    }

    /** Reads the jars that {@code modules} of [main] names. */
    static KnownModules of(List<IniSection> sections, Path base, Problems problems) {
        Map<String, Found> byName = new LinkedHashMap<>();
        boolean broken = false;
        for (IniSection section : sections) {
            for (IniEntry entry : section.entries()) {
                if (section.header().equals(SectionKind.MAIN.word())
                        && entry.key().equals(ModuleKeys.MODULES.name())
                        && entry.value() != null && !entry.value().isEmpty()) {
                    broken |= !read(entry, base, byName, problems);
                }
            }
        }
        return byName.isEmpty() && !broken ? NONE : ordered(byName, broken, problems);
    }

    /** @return false when one of them cannot be used */
    private static boolean read(IniEntry entry, Path base, Map<String, Found> byName,
            Problems problems) {
        ModuleKeys.Source source;
        try {
            source = ModuleKeys.MODULES.type().parse(new Value(entry.value(), entry.at(), base));
        } catch (BadValue e) {
            // The tree of sections reports it.
            return false;
        }
        try {
            for (Path file : files(source)) {
                add(ModuleReader.read(file), source, entry.at(), byName);
            }
            return true;
        } catch (BadValue e) {
            problems.error(entry.at(), "\"modules\": " + e.getMessage(), e.help());
        } catch (IOException e) {
            problems.error(entry.at(), "\"modules\": \"" + source.path() + "\" cannot be read: "
                    + e.getClass().getSimpleName());
        }
        return false;
    }

    private static List<Path> files(ModuleKeys.Source source) throws IOException, BadValue {
        Path path = Path.of(source.path());
        List<Path> files = IncludePattern.expand(path.getParent() == null ? path
                : path.getParent(), Files.isDirectory(path) ? source.path() + "/*.jar"
                : source.path());
        if (source.sha256() != null && files.size() != 1) {
            throw new BadValue("sha256 is of one jar, and there are " + files.size());
        }
        return files;
    }

    private static void add(ModuleJar jar, ModuleKeys.Source source, SourceLine at,
            Map<String, Found> byName) throws BadValue {
        if (source.sha256() != null && !source.sha256().equals(jar.sha256())) {
            throw new BadValue("\"" + jar.file() + "\" has the SHA-256 " + jar.sha256(),
                    "it is not the jar that this line wants");
        }
        Found first = byName.get(jar.name());
        if (first != null) {
            if (first.jar().file().equals(jar.file())) {
                return;
            }
            throw new BadValue("\"" + jar.file() + "\" calls itself \"" + jar.name() + "\" as \""
                    + first.jar().file() + "\" does", "keep one of them");
        }
        for (ConfigKey<?> key : jar.keys()) {
            checkFree(jar, key, byName.values());
        }
        byName.put(jar.name(), new Found(jar, at));
    }

    /** A key belongs to Sluice or to one module. */
    private static void checkFree(ModuleJar jar, ConfigKey<?> key, Collection<Found> others)
            throws BadValue {
        for (SectionKind kind : key.sections()) {
            if (ConfigKeys.find(kind, key.name()) != null) {
                throw new BadValue("\"" + jar.file() + "\" declares \"" + key.name()
                        + "\", which is a key of Sluice in " + kind.form());
            }
            for (Found other : others) {
                if (kind != SectionKind.MODULE && find(other.jar(), kind, key.name()) != null) {
                    throw new BadValue("\"" + jar.file() + "\" declares \"" + key.name()
                            + "\", and so does \"" + other.jar().file() + "\"");
                }
            }
        }
    }

    /** By their wishes; those that have none about each other by name. */
    private static KnownModules ordered(Map<String, Found> byName, boolean broken,
            Problems problems) {
        List<String> left = new ArrayList<>(byName.keySet().stream().sorted().toList());
        List<ModuleJar> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            String next = left.stream().filter(name -> left.stream().noneMatch(other ->
                    comesBefore(byName.get(other).jar(), byName.get(name).jar())))
                    .findFirst().orElse(null);
            if (next == null) {
                problems.error(byName.get(left.getFirst()).at(), "\"modules\": "
                        + String.join(", ", left) + " each want to come before another of them",
                        "their manifests have Sluice-Module-Before and Sluice-Module-After");
                next = left.getFirst();
            }
            left.remove(next);
            ordered.add(byName.get(next).jar());
        }
        for (Found found : byName.values()) {
            for (String needed : found.jar().needs()) {
                if (!byName.containsKey(needed)) {
                    problems.error(found.at(), "\"modules\": \"" + found.jar().file()
                            + "\" needs the module \"" + needed + "\", which is not there",
                            "put the jar of " + needed + " beside it");
                }
            }
        }
        Map<String, SourceLine> places = new HashMap<>();
        byName.forEach((name, found) -> places.put(name, found.at()));
        return new KnownModules(ordered, places, broken);
    }

    private static boolean comesBefore(ModuleJar one, ModuleJar other) {
        return one != other && (one.before().contains(other.name())
                || other.after().contains(one.name()));
    }

    List<ModuleJar> jars() {
        return jars;
    }

    /** Whether a key or a section that nobody knows may be of a jar that could not be read. */
    boolean mayKnow(SectionKind kind) {
        return broken && (kind == SectionKind.MODULE || kind == SectionKind.HTTP
                || kind == SectionKind.SERVER || kind == SectionKind.LOCATION);
    }

    /** Reports upstreams whose balancer nobody brings. */
    void checkBalancers(List<UpstreamConfig> upstreams, Problems problems) {
        for (UpstreamConfig upstream : upstreams) {
            String wanted = upstream.balance().balancer();
            if (wanted != null && !broken
                    && jars.stream().noneMatch(jar -> jar.balancers().contains(wanted))) {
                problems.error(upstream.at(), "[upstream " + upstream.name() + "]: \"balance\": no"
                        + " module brings \"" + wanted + "\"",
                        "name its jar with modules = in [main]");
            }
        }
    }

    /** Names of the variables that they bring. */
    Set<String> variables() {
        Set<String> names = new HashSet<>();
        jars.forEach(jar -> names.addAll(jar.variables()));
        return names;
    }

    /** Their keys whose values are shown to nobody, as {@link ShownText} knows them. */
    Set<String> secrets() {
        Set<String> secrets = new HashSet<>();
        for (ModuleJar jar : jars) {
            for (ConfigKey<?> key : jar.keys()) {
                if (ModuleKeyTable.isSecret(key)) {
                    secrets.add(key.sections().contains(SectionKind.MODULE)
                            ? ShownText.ofModule(jar.name(), key.name()) : key.name());
                }
            }
        }
        return secrets;
    }

    SourceLine place(ModuleJar jar) {
        return places.get(jar.name());
    }

    /** Null when no module has such a key there. */
    ConfigKey<?> find(Scope scope, String name) {
        for (ModuleJar jar : jars) {
            if (scope.kind != SectionKind.MODULE || jar.name().equals(scope.name)) {
                ConfigKey<?> key = find(jar, scope.kind, name);
                if (key != null) {
                    return key;
                }
            }
        }
        return null;
    }

    private static ConfigKey<?> find(ModuleJar jar, SectionKind kind, String name) {
        for (ConfigKey<?> key : jar.keys()) {
            if (key.name().equals(name) && key.sections().contains(kind)) {
                return key;
            }
        }
        return null;
    }

    /** The key of a module that is spelt nearly so; null without any. */
    ConfigKey<?> nearest(Scope scope, String name) {
        List<ConfigKey<?>> here = new ArrayList<>();
        for (ModuleJar jar : jars) {
            if (scope.kind != SectionKind.MODULE || jar.name().equals(scope.name)) {
                jar.keys().stream().filter(key -> key.sections().contains(scope.kind))
                        .forEach(here::add);
            }
        }
        String word = Spelling.nearest(name, here.stream().map(ConfigKey::name).toList());
        return here.stream().filter(key -> key.name().equals(word)).findFirst().orElse(null);
    }

    /** What each module is told in [module NAME]; reports sections without their module. */
    List<ModuleConfig> configs(List<Scope> sections, Problems problems) {
        Map<String, Scope> byName = new HashMap<>();
        for (Scope section : sections) {
            byName.put(section.name, section);
            if (!broken && jars.stream().noneMatch(jar -> jar.name().equals(section.name))) {
                String near = Spelling.didYouMean(section.name,
                        jars.stream().map(ModuleJar::name).toList());
                problems.error(section.at, section.title() + ": there is no such module",
                        near != null ? near : jars.isEmpty()
                                ? "name its jar with modules = in [main]"
                                : "there are " + String.join(", ",
                                        jars.stream().map(ModuleJar::name).toList()));
            }
        }
        List<ModuleConfig> configs = new ArrayList<>();
        for (ModuleJar jar : jars) {
            Scope section = byName.getOrDefault(jar.name(), new Scope(SectionKind.MODULE,
                    jar.name(), place(jar), new Defaults(Path.of("/"))));
            configs.add(new ModuleConfig(section.at, jar, settings(jar, section, true),
                    section.value(ModuleKeys.ON_ERROR), section.value(ModuleKeys.TIMEOUT),
                    section.value(ModuleKeys.MAX_CONCURRENT)));
        }
        return configs;
    }

    /** The keys of each module in a location, in the order of the modules; none for [admin]. */
    List<ModuleSettings> ofLocation(Scope scope) {
        if (jars.isEmpty() || scope.kind == SectionKind.ADMIN) {
            // The operators' own address does not depend on modules.
            return List.of();
        }
        List<ModuleSettings> all = new ArrayList<>();
        for (ModuleJar jar : jars) {
            Inherited<ModuleSettings> shared = inherited.computeIfAbsent(jar,
                    one -> new Inherited<>(one.keys()));
            ModuleSettings known = shared.of(scope);
            all.add(known != null ? known : shared.keep(scope, settings(jar, scope, false)));
        }
        return all;
    }

    private static ModuleSettings settings(ModuleJar jar, Scope scope, boolean ofModule) {
        Map<String, Object> values = new HashMap<>();
        List<String> given = new ArrayList<>();
        for (ConfigKey<?> key : jar.keys()) {
            if (key.sections().contains(SectionKind.MODULE) != ofModule) {
                continue;
            }
            Scope holder = scope.nearest(key);
            if (holder != null) {
                given.add(key.name());
            }
            Object value = key.repeated()
                    ? holder == null ? List.of() : holder.own(key).stream()
                            .map(setting -> Words.unquoteWhole(setting.value().text())).toList()
                    : scope.value(key);
            if (value != null) {
                values.put(key.name(), value);
            }
        }
        return new ModuleSettings(values, Set.copyOf(given));
    }
}
