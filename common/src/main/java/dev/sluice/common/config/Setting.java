package dev.sluice.common.config;

/**
 * A key that a section gives a value. {@code parsed} is null when the value was refused: the error
 * is reported, and the key counts as given so that nobody reports it missing. Written at boot, then
 * read-only.
 */
record Setting<T>(ConfigKey<T> key, Value value, T parsed) {

    /** The value for the effective text. */
    String effective() {
        return parsed == null ? value.text() : key.type().effective(value, parsed);
    }
}
