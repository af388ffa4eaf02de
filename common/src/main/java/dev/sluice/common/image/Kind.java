package dev.sluice.common.image;

/** What an object of an image is; its place is the byte that says so. */
enum Kind {
    /** Length in bytes, UTF-8. */
    STRING,
    /** Zigzag varint. */
    INTEGER,
    /** Zigzag varint. */
    LONG,
    /** One byte. */
    BOOLEAN,
    /** Place of the type, place of the constant. */
    CONSTANT,
    /** Count, then the place of each. */
    LIST,
    /** Count, then the place of each. */
    SET,
    /** Count, then the places of each key and its value, in order. */
    MAP,
    /** Place of its text. */
    PATH,
    /** Seconds as a zigzag varint, nanoseconds. */
    DURATION,
    /** Places of host and address (one of them null), port. */
    ADDRESS,
    /** Place of the type, then each component: a primitive as its number, else a place. */
    RECORD;

    static final Kind[] ALL = values();
}
