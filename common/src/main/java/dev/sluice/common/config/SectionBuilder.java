package dev.sluice.common.config;

import java.time.Duration;
import java.util.Locale;

/**
 * The keys of one section of a {@link ConfigBuilder}. Numbers, switches and times are given as
 * such; what has a form of its own, such as an address with options, as the text of the file.
 * Owner: one thread.
 */
public final class SectionBuilder {

    private final IniSection section;

    SectionBuilder(IniSection section) {
        this.section = section;
    }

    /** The value as it would be written in the file. */
    public SectionBuilder set(ConfigKey<?> key, String value) {
        return put(key.name(), value);
    }

    /** One entry more of a key that may be repeated; the same as {@link #set}. */
    public SectionBuilder add(ConfigKey<?> key, String value) {
        return put(key.name(), value);
    }

    /** A key that has no constant: those of {@code [types]} and of tables such as {@code [map]}. */
    public SectionBuilder put(String key, String value) {
        section.entries().add(new IniEntry(key, value, ConfigBuilder.caller()));
        return this;
    }

    public SectionBuilder set(ConfigKey<Boolean> key, boolean value) {
        return put(key.name(), value ? "on" : "off");
    }

    /** A number; one that the file writes as a word, such as 0 for {@code auto}, is that word. */
    public SectionBuilder set(ConfigKey<Integer> key, int value) {
        boolean word = key.type() instanceof Scalars.Count count && count.word() != null
                && count.wordMeans() == value;
        return put(key.name(), word ? ((Scalars.Count) key.type()).word()
                : Integer.toString(value));
    }

    /** A time of whole milliseconds. */
    public SectionBuilder set(ConfigKey<Long> key, Duration value) {
        return put(key.name(), value.toMillis() + "ms");
    }

    /** A size in bytes. */
    public SectionBuilder setBytes(ConfigKey<Long> key, long bytes) {
        return put(key.name(), Bytes.format(bytes));
    }

    public <E extends Enum<E>> SectionBuilder set(ConfigKey<E> key, E value) {
        return put(key.name(), value.name().toLowerCase(Locale.ROOT));
    }
}
