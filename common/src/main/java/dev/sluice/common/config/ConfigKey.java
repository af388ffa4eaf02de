package dev.sluice.common.config;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The declaration of a key; every other mention of it is derived from here. A default of null means
 * that nothing stands in for an absent key. Keys marked {@code restart} are read when the master
 * starts and not again on reload. Written at boot, then read-only.
 */
public record ConfigKey<T>(
        String name,
        Set<SectionKind> sections,
        ValueType<T> type,
        String defaultText,
        boolean repeated,
        boolean restart,
        String sentence,
        List<String> shipped) {

    /** The key may stand once in a section. */
    static <T> ConfigKey<T> single(
            String name, ValueType<T> type, String defaultText, String sentence,
            SectionKind first, SectionKind... more) {
        return new ConfigKey<>(name, EnumSet.of(first, more), type, defaultText, false, false,
                sentence, List.of());
    }

    /** The key may be repeated; its values make a list. */
    static <T> ConfigKey<T> list(
            String name, ValueType<T> type, String sentence,
            SectionKind first, SectionKind... more) {
        return new ConfigKey<>(name, EnumSet.of(first, more), type, null, true, false, sentence,
                List.of());
    }

    ConfigKey<T> needsRestart() {
        return new ConfigKey<>(name, sections, type, defaultText, repeated, true, sentence,
                shipped);
    }

    /** Values shown as examples in the shipped file; commented out there. */
    ConfigKey<T> shows(String... values) {
        return new ConfigKey<>(name, sections, type, defaultText, repeated, restart, sentence,
                List.of(values));
    }

    /** The default, typed; null when there is none. */
    T defaultValue(Path directory) {
        if (defaultText == null) {
            return null;
        }
        try {
            return type.parse(new Value(defaultText, SourceLine.NONE, directory));
        } catch (BadValue e) {
            throw new IllegalStateException("the default of " + name + " is bad", e);
        }
    }

    /** {@code a time, default 75s}. */
    String summary() {
        return defaultText == null ? type.name() : type.name() + ", default " + defaultText;
    }
}
