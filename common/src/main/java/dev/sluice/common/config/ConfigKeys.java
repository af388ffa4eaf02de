package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The whole table of keys, and the questions asked of it. Written at boot, then read-only. */
final class ConfigKeys {

    static final List<ConfigKey<?>> ALL = all();
    private static final Map<String, List<ConfigKey<?>>> BY_NAME =
            ALL.stream().collect(Collectors.groupingBy(ConfigKey::name));

    /** The modules that come along, and their jars. */
    private static final Map<String, String> SHIPPED_MODULES = Map.of("auth_basic", "basic-auth",
            "auth_jwt", "jwt", "ieee2030_5", "ieee2030_5", "headers_security", "headers-security",
            "mirror", "mirror", "otel", "otel", "redis_limits", "redis-limits");

    private ConfigKeys() {
    }

    private static List<ConfigKey<?>> all() {
        List<ConfigKey<?>> all = new ArrayList<>();
        all.addAll(ProcessKeys.ALL);
        all.addAll(FlightKeys.ALL);
        all.addAll(HttpKeys.ALL);
        all.addAll(HeaderKeys.ALL);
        all.addAll(ClaimKeys.ALL);
        all.addAll(CorsKeys.ALL);
        all.addAll(HttpsKeys.ALL);
        all.addAll(Http2Keys.ALL);
        all.addAll(FileCacheKeys.ALL);
        all.addAll(CodingKeys.ALL);
        all.addAll(DirectoryKeys.ALL);
        all.addAll(TlsKeys.ALL);
        all.addAll(StaplingKeys.ALL);
        all.addAll(AccessKeys.ALL);
        all.addAll(BalanceKeys.ALL);
        all.addAll(ProxyKeys.ALL);
        all.addAll(ConnectKeys.ALL);
        all.addAll(CacheKeys.ALL);
        all.addAll(UpstreamKeys.ALL);
        all.addAll(RouteKeys.ALL);
        all.addAll(TransportKeys.ALL);
        all.addAll(StreamKeys.ALL);
        all.addAll(LimitKeys.ALL);
        all.addAll(DerivedKeys.ALL);
        all.addAll(ModuleKeys.ALL);
        return List.copyOf(all);
    }

    static List<ConfigKey<?>> of(SectionKind section) {
        return ALL.stream().filter(key -> key.sections().contains(section)).toList();
    }

    /** Null when the section has no such key. */
    static ConfigKey<?> find(SectionKind section, String name) {
        for (ConfigKey<?> key : BY_NAME.getOrDefault(name, List.of())) {
            if (key.sections().contains(section)) {
                return key;
            }
        }
        return null;
    }

    /** Whether a section of any kind has a key of this name. */
    static boolean isAnywhere(String name) {
        return ALL.stream().anyMatch(key -> key.name().equals(name));
    }

    /**
     * What is wrong with a key that {@link #find} does not know, as message and help.
     *
     * @param ofModule a module's key that is spelt nearly so, or null
     */
    static BadValue notFound(SectionKind section, String sectionTitle, String name,
            ConfigKey<?> ofModule) {
        List<String> homes = ALL.stream().filter(key -> key.name().equals(name))
                .flatMap(key -> key.sections().stream()).distinct().sorted()
                .map(SectionKind::form).toList();
        if (!homes.isEmpty()) {
            return new BadValue("\"" + name + "\" does not belong in " + sectionTitle,
                    "it belongs in " + String.join(" or ", homes));
        }
        String message = "unknown key \"" + name + "\" in " + sectionTitle;
        String here = ForeignWords.nameHere(name);
        if (here != null) {
            return new BadValue(message, "here it is called \"" + here + "\"");
        }
        String jar = moduleOf(name);
        if (jar != null) {
            return new BadValue(message, "it is a key of a module that is not there: modules ="
                    + " /usr/lib/sluice/modules-available/" + jar + ".jar in [main]");
        }
        String otherwise = ForeignWords.otherwise(name);
        if (otherwise != null) {
            return new BadValue(message, otherwise);
        }
        String needless = ForeignWords.needless(name);
        if (needless != null) {
            return new BadValue("\"" + name + "\" is not needed", "leave it out: " + needless);
        }
        ConfigKey<?> near = ofModule != null ? ofModule : nearest(of(section), name);
        if (near == null) {
            near = nearest(ALL, name);
        }
        if (near == null) {
            return new BadValue(message, switch (section) {
                case MAP -> "rules are written as value = TEXT RESULT";
                case GEO -> "rules are written as network = NETWORK RESULT";
                case SPLIT -> "rules are written as share = PERCENT% RESULT";
                default -> null;
            });
        }
        String where = near.sections().contains(section) ? ""
                : " of " + near.sections().iterator().next().form();
        return new BadValue(message, "did you mean \"" + near.name() + "\"" + where + "? ("
                + near.summary() + ")");
    }

    /** The jar of the distribution that brings a key; null when none does. */
    private static String moduleOf(String name) {
        for (Map.Entry<String, String> one : SHIPPED_MODULES.entrySet()) {
            if (name.equals(one.getKey()) || name.startsWith(one.getKey() + "_")) {
                return one.getValue();
            }
        }
        return null;
    }

    private static ConfigKey<?> nearest(List<ConfigKey<?>> keys, String name) {
        String word = Spelling.nearest(name, keys.stream().map(ConfigKey::name).toList());
        return keys.stream().filter(key -> key.name().equals(word)).findFirst().orElse(null);
    }
}
