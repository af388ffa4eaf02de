package dev.sluice.common.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The settings of one section and the section it inherits from: location, server, http. Filled
 * while the sections are scanned, read-only afterwards. Owner: the loading thread.
 */
final class Scope {

    final SectionKind kind;
    final String name;
    final SourceLine at;
    final Path directory;
    private Scope parent;
    private final List<Setting<?>> settings = new ArrayList<>();

    Scope(SectionKind kind, String name, SourceLine at, Path directory) {
        this.kind = kind;
        this.name = name;
        this.at = at;
        this.directory = directory;
    }

    void inherit(Scope from) {
        parent = from;
    }

    void add(Setting<?> setting) {
        settings.add(setting);
    }

    List<Setting<?>> settings() {
        return settings;
    }

    /** {@code [server www]}, as messages call it. */
    String title() {
        return name.isEmpty() ? "[" + kind.word() + "]" : "[" + kind.word() + " " + name + "]";
    }

    /** Whether this section itself gives the key, with a good value or a bad one. */
    boolean has(ConfigKey<?> key) {
        return !own(key).isEmpty();
    }

    /** What this section itself gives, in the order of the file, bad values too. */
    @SuppressWarnings("unchecked")
    <T> List<Setting<T>> own(ConfigKey<T> key) {
        List<Setting<T>> own = new ArrayList<>();
        for (Setting<?> setting : settings) {
            if (setting.key() == key) {
                own.add((Setting<T>) setting);
            }
        }
        return own;
    }

    /** The good values this section itself gives. */
    <T> List<T> ownValues(ConfigKey<T> key) {
        List<T> values = new ArrayList<>();
        for (Setting<T> setting : own(key)) {
            if (setting.parsed() != null) {
                values.add(setting.parsed());
            }
        }
        return values;
    }

    /** The value this section itself gives, else null. */
    <T> T ownValue(ConfigKey<T> key) {
        List<T> values = ownValues(key);
        return values.isEmpty() ? null : values.getFirst();
    }

    /** The value of this section or the nearest one around it that gives the key, else null. */
    <T> T given(ConfigKey<T> key) {
        Scope holder = nearest(key);
        return holder == null ? null : holder.ownValue(key);
    }

    /** The same, else the default. */
    <T> T value(ConfigKey<T> key) {
        T given = given(key);
        return given == null ? key.defaultValue(directory) : given;
    }

    /** The section that decides a key: this one or the nearest around it; null without any. */
    Scope nearest(ConfigKey<?> key) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            if (scope.has(key)) {
                return scope;
            }
        }
        return null;
    }

    /** The section that decides keys which belong together; null without any. */
    Scope nearestOf(ConfigKey<?> one, ConfigKey<?> other) {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            if (scope.has(one) || scope.has(other)) {
                return scope;
            }
        }
        return null;
    }

    /**
     * A list that merges from outside inwards. An element whose identity a nearer section gives
     * again is replaced by it.
     */
    <T> List<T> merged(ConfigKey<T> key, Function<T, Object> identity) {
        List<T> own = ownValues(key);
        List<String> cleared = ownValue(HttpKeys.CLEAR);
        boolean clears = cleared != null && cleared.contains(key.name());
        if (parent == null || clears) {
            return own;
        }
        List<Object> given = own.stream().map(identity).toList();
        List<T> all = new ArrayList<>();
        for (T outer : parent.merged(key, identity)) {
            if (!given.contains(identity.apply(outer))) {
                all.add(outer);
            }
        }
        all.addAll(own);
        return all;
    }

    /** Error pages merge by status, and one rule may name several. */
    List<ErrorPageConfig> mergedErrorPages() {
        List<ErrorPageConfig> own = ownValues(HttpKeys.ERROR_PAGE);
        List<String> cleared = ownValue(HttpKeys.CLEAR);
        boolean clears = cleared != null && cleared.contains(HttpKeys.ERROR_PAGE.name());
        if (parent == null || clears) {
            return own;
        }
        List<Integer> given = own.stream().flatMap(page -> page.codes().stream()).toList();
        List<ErrorPageConfig> all = new ArrayList<>();
        for (ErrorPageConfig outer : parent.mergedErrorPages()) {
            List<Integer> left = outer.codes().stream().filter(c -> !given.contains(c)).toList();
            if (!left.isEmpty()) {
                all.add(new ErrorPageConfig(left, outer.overrideStatus(), outer.uri()));
            }
        }
        all.addAll(own);
        return all;
    }
}
