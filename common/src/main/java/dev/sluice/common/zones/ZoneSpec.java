package dev.sluice.common.zones;

import java.nio.charset.StandardCharsets;

/**
 * Which zone a configuration asks for. Two configurations that ask for equal ones share it, so its
 * state survives a reload; anything different here is another file that starts anew. Immutable.
 *
 * @param kind what the words mean, one lower-case word of at most 15 letters
 * @param name of the configured object: {@code per_client} of {@code [limit per_client]}
 * @param layout version of the order of the words
 * @param wordCount 64-bit words without the header
 * @param identity a hash of whatever else the words depend on, 0 for nothing
 */
public record ZoneSpec(String kind, String name, int layout, long wordCount, long identity) {

    /** 1 GiB. */
    public static final long WORD_COUNT_MAX = 1L << 27;

    private static final int KIND_LETTERS_MAX = 15;
    private static final int NAME_LETTERS_MAX = 100;

    public ZoneSpec {
        if (!kind.matches("[a-z]+") || kind.length() > KIND_LETTERS_MAX) {
            throw new IllegalArgumentException("kind of zone \"" + kind + "\"");
        }
        if (wordCount < 1 || wordCount > WORD_COUNT_MAX) {
            throw new IllegalArgumentException("zone of " + wordCount + " words");
        }
    }

    /** A zone whose words depend on nothing but the name. */
    public ZoneSpec(String kind, String name, int layout, long wordCount) {
        this(kind, name, layout, wordCount, 0);
    }

    /** The name of its file: the same in every process and every generation. */
    public String fileName() {
        return kind + "-" + fileName(name) + "-v" + layout + "-" + wordCount
                + (identity == 0 ? "" : "-" + Long.toHexString(identity)) + ".zone";
    }

    /** Whether both are the state of one configured object, in one shape or in two. */
    public boolean sameObject(ZoneSpec other) {
        return kind.equals(other.kind) && name.equals(other.name);
    }

    /** For lines to an operator: "limit per_client". */
    @Override
    public String toString() {
        return kind + " " + name;
    }

    private static String fileName(String name) {
        StringBuilder safe = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c == '_' || c == '.' && !safe.isEmpty()
                    || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            safe.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        if (safe.length() <= NAME_LETTERS_MAX) {
            return safe.toString();
        }
        String rest = Integer.toHexString(name.hashCode());
        return safe.substring(0, NAME_LETTERS_MAX) + "~" + rest;
    }
}
