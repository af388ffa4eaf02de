package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The settings of one section and the section it inherits from: location, server, http. Filled
 * while the sections are scanned, read-only afterwards. Owner: the loading thread.
 */
final class Scope {

    final SectionKind kind;
    final String name;
    final SourceLine at;
    final Defaults defaults;
    private Scope parent;
    private final List<Setting<?>> settings = new ArrayList<>();

    Scope(SectionKind kind, String name, SourceLine at, Defaults defaults) {
        this.kind = kind;
        this.name = name;
        this.at = at;
        this.defaults = defaults;
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
        for (int i = 0; i < settings.size(); i++) {
            if (settings.get(i).key() == key) {
                return true;
            }
        }
        return false;
    }

    /** What this section itself gives, in the order of the file, bad values too. */
    @SuppressWarnings("unchecked")
    <T> List<Setting<T>> own(ConfigKey<T> key) {
        if (!has(key)) {
            return List.of();
        }
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
        if (!has(key)) {
            return List.of();
        }
        List<T> values = new ArrayList<>();
        for (Setting<T> setting : own(key)) {
            if (setting.parsed() != null) {
                values.add(setting.parsed());
            }
        }
        return values;
    }

    /** The value this section itself gives, else null. */
    @SuppressWarnings("unchecked")
    <T> T ownValue(ConfigKey<T> key) {
        for (int i = 0; i < settings.size(); i++) {
            Setting<?> setting = settings.get(i);
            if (setting.key() == key && setting.parsed() != null) {
                return (T) setting.parsed();
            }
        }
        return null;
    }

    /** The value of this section or the nearest one around it that gives the key, else null. */
    <T> T given(ConfigKey<T> key) {
        Scope holder = nearest(key);
        return holder == null ? null : holder.ownValue(key);
    }

    /** The same, else the default. */
    <T> T value(ConfigKey<T> key) {
        T given = given(key);
        return given == null ? defaults.value(key) : given;
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

    /** The nearest section that gives one of the keys; the outermost when none does. */
    Scope holder(Map<ConfigKey<?>, ?> keys) {
        Scope scope = this;
        while (scope.parent != null && !scope.gives(keys)) {
            scope = scope.parent;
        }
        return scope;
    }

    /** Whether this section itself gives one of the keys. */
    boolean gives(Map<ConfigKey<?>, ?> keys) {
        for (int i = 0; i < settings.size(); i++) {
            if (keys.containsKey(settings.get(i).key())) {
                return true;
            }
        }
        return false;
    }

    /** The section around it; null without. */
    Scope parent() {
        return parent;
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
        if (parent == null || clears(key)) {
            return own;
        }
        if (own.isEmpty()) {
            return parent.merged(key, identity);
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

    private boolean clears(ConfigKey<?> key) {
        List<String> cleared = ownValue(HttpKeys.CLEAR);
        return cleared != null && cleared.contains(key.name());
    }

    /** Error pages merge by status, and one rule may name several. */
    List<ErrorPageConfig> mergedErrorPages() {
        List<ErrorPageConfig> own = ownValues(HttpKeys.ERROR_PAGE);
        if (parent == null || clears(HttpKeys.ERROR_PAGE)) {
            return own;
        }
        if (own.isEmpty()) {
            return parent.mergedErrorPages();
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
