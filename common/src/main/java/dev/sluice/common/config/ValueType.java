package dev.sluice.common.config;

/** What values of a key look like, and how one becomes typed. */
public interface ValueType<T> {

    /** With its article: "a time". */
    String name();

    /** What to write, for the reference and for the help of an error. */
    String form();

    T parse(Value value) throws BadValue;

    /** The value in a form that means the same in a file anywhere: paths absolute. */
    default String effective(Value value, T parsed) {
        return value.text();
    }
}
