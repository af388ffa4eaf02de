package dev.sluice.common.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What one configuration has that another does not, as lines for an operator:
 *
 * <pre>
 *  listen    + 0.0.0.0:81
 *  server    ~ shop
 *  location  - shop /old
 *  peer      + app 10.0.0.7:80
 *  main      ~ workers: 2 -> 4
 * </pre>
 *
 * {@code +} is added, {@code -} removed, {@code ~} changed. Where in a file something stands is no
 * difference. A changed location is not told again as a change of its server, nor a peer of its
 * upstream. Stateless.
 */
public final class ConfigDifference {

    /** How the components of each kind of record are read. */
    private static final ClassValue<List<Method>> PARTS = new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getAccessor).toList();
        }
    };

    private final List<String> lines = new ArrayList<>();
    /** Null where parts are not told. */
    private final SecretValues secrets;

    private ConfigDifference(SecretValues secrets) {
        this.secrets = secrets;
    }

    /** The lines, none when both say the same. */
    public static List<String> between(SluiceConfig before, SluiceConfig after) {
        return between(before, after, null);
    }

    /**
     * The same, and below each change its parts with both values, indented; without those that
     * {@link LoadedConfig#shownText} hides.
     */
    public static List<String> inParts(LoadedConfig before, LoadedConfig after) {
        return between(before.config(), after.config(),
                SecretValues.of(before.effectiveText(), after.effectiveText()));
    }

    private static List<String> between(SluiceConfig before, SluiceConfig after,
            SecretValues secrets) {
        ConfigDifference difference = new ConfigDifference(secrets);
        difference.compare(before, after);
        return List.copyOf(difference.lines);
    }

    /** The same on one line, cut after so many entries: for a log. */
    public static String summary(List<String> lines, int entriesMax) {
        List<String> first = lines.stream()
                .limit(entriesMax)
                .map(line -> line.replaceAll(" +", " "))
                .toList();
        String text = String.join(", ", first);
        int more = lines.size() - first.size();
        return more > 0 ? text + " and " + more + " more" : text;
    }

    private void compare(SluiceConfig before, SluiceConfig after) {
        compare("listen", index(before.listenAddresses(), ListenConfig::key),
                index(after.listenAddresses(), ListenConfig::key));
        compare("server", servers(before), servers(after));
        compare("location", locations(before), locations(after));
        compare("stream", index(before.streams(), StreamConfig::name),
                index(after.streams(), StreamConfig::name));
        compare("upstream", upstreams(before), upstreams(after));
        compare("peer", peers(before), peers(after));
        compare("format", index(before.logFormats(), LogFormatConfig::name),
                index(after.logFormats(), LogFormatConfig::name));
        compare("limit", index(before.limits(), LimitConfig::name),
                index(after.limits(), LimitConfig::name));
        compare("cache", index(before.caches(), CacheConfig::name),
                index(after.caches(), CacheConfig::name));
        compare("variable", index(before.derived(), DerivedConfig::name),
                index(after.derived(), DerivedConfig::name));
        compare("module", index(before.modules(), m -> m.jar().name(), ConfigDifference::facts),
                index(after.modules(), m -> m.jar().name(), ConfigDifference::facts));
        settings("main", before.main(), after.main());
        settings("events", before.events(), after.events());
        settings("http", before.http(), after.http());
        if (!before.mimeTypes().all().equals(after.mimeTypes().all())) {
            lines.add("types     ~ " + after.mimeTypes().all().size() + " types of files");
        }
    }

    /** A module is what its bytes are and what it is told; the key table comes with the bytes. */
    private static Object facts(ModuleConfig module) {
        return List.of(module.jar().sha256(), module.settings(), module.onError(),
                module.timeoutMs(), module.maxConcurrent());
    }

    private static <T> Map<String, Object> index(List<T> all, Function<T, String> name) {
        return index(all, name, one -> one);
    }

    private static <T> Map<String, Object> index(List<T> all, Function<T, String> name,
            Function<T, Object> what) {
        Map<String, Object> byName = new LinkedHashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (T one : all) {
            put(byName, counts, name.apply(one), what.apply(one));
        }
        return byName;
    }

    /** Things of one name are told apart by a number: servers and locations may share theirs. */
    private static void put(Map<String, Object> byName, Map<String, Integer> counts, String name,
            Object value) {
        int count = counts.merge(name, 1, Integer::sum);
        byName.put(count == 1 ? name : name + " (" + count + ")", value);
    }

    /** Without the locations that have lines of their own. */
    private static Map<String, Object> servers(SluiceConfig config) {
        Map<String, Object> byName = new LinkedHashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (ServerConfig s : config.servers()) {
            put(byName, counts, s.name(), new ServerConfig(s.at(), s.name(), s.listens(), s.names(),
                    s.rewrites(), s.ret(), s.metrics(), s.claims(), List.of(),
                    s.fallback().sayingToModules(),
                    s.tls(), s.http2()));
        }
        return byName;
    }

    private static Map<String, Object> locations(SluiceConfig config) {
        Map<String, Object> byName = new LinkedHashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (ServerConfig server : config.servers()) {
            for (LocationConfig location : server.locations()) {
                put(byName, counts, server.name() + " " + location.label(),
                        location.sayingToModules());
            }
        }
        return byName;
    }

    /** Without the peers that have lines of their own. */
    private static Map<String, Object> upstreams(SluiceConfig config) {
        Map<String, Object> byName = new LinkedHashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (UpstreamConfig u : config.upstreams()) {
            put(byName, counts, u.name(), new UpstreamConfig(u.at(), u.name(), List.of(),
                    u.balance(),
                    u.sticky(), u.queue(), u.circuit(), u.keepalive(), u.keepaliveTimeoutMs(),
                    u.keepaliveRequests(), u.resolver(), u.healthCheck()));
        }
        return byName;
    }

    private static Map<String, Object> peers(SluiceConfig config) {
        Map<String, Object> byName = new LinkedHashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (UpstreamConfig upstream : config.upstreams()) {
            for (PeerConfig peer : upstream.peers()) {
                put(byName, counts, upstream.name() + " " + peer.text(), peer);
            }
        }
        return byName;
    }

    private void compare(String what, Map<String, Object> before, Map<String, Object> after) {
        Map<String, Object> removed = new LinkedHashMap<>(before);
        after.forEach((name, now) -> {
            Object was = removed.remove(name);
            if (was == null) {
                add(what, '+', name);
            } else if (!same(was, now)) {
                add(what, '~', name);
                if (secrets != null) {
                    ChangedParts.between(was, now, secrets)
                            .forEach(part -> lines.add(" ".repeat(12) + part));
                }
            }
        });
        removed.keySet().forEach(name -> add(what, '-', name));
    }

    /** Settings that each have a value before and after, which are told. */
    private void settings(String what, Record before, Record after) {
        Map<?, ?> was = (Map<?, ?>) meaning(before);
        ((Map<?, ?>) meaning(after)).forEach((name, now) -> {
            if (!now.equals(was.get(name))) {
                add(what, '~', name + ": " + was.get(name) + " -> " + now);
            }
        });
    }

    private void add(String what, char how, String name) {
        lines.add(String.format("%-9s %c %s", what, how, name));
    }

    /**
     * Whether both mean the same: of large files nearly everything does. What is equal is seen
     * without a look into its parts; those are looked at where only a place may differ.
     */
    private static boolean same(Object was, Object now) {
        if (was == now || was instanceof SourceLine && now instanceof SourceLine) {
            return true;
        }
        if (was == null || now == null || was.equals(now)) {
            return was != null && now != null;
        }
        if (was instanceof List<?> before && now instanceof List<?> after) {
            boolean same = before.size() == after.size();
            for (int i = 0; same && i < before.size(); i++) {
                same = same(before.get(i), after.get(i));
            }
            return same;
        }
        if (was instanceof Record && was.getClass() == now.getClass()) {
            boolean same = true;
            for (Method part : PARTS.get(was.getClass())) {
                same = same && same(value(part, was), value(part, now));
            }
            return same;
        }
        return false;
    }

    private static Object value(Method part, Object of) {
        try {
            return part.invoke(of);
        } catch (IllegalAccessException | InvocationTargetException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A record as names and values without {@link SourceLine}s, which equal texts do not share. */
    private static Object meaning(Object value) {
        return switch (value) {
            case null -> "none";
            case List<?> list -> list.stream().map(ConfigDifference::meaning).toList();
            case SourceLine place -> "";
            case Record structure -> components(structure);
            default -> value;
        };
    }

    private static Map<String, Object> components(Record structure) {
        Map<String, Object> values = new HashMap<>();
        for (Method part : PARTS.get(structure.getClass())) {
            values.put(part.getName(), meaning(value(part, structure)));
        }
        return values;
    }
}
