package dev.sluice.common.log;

/**
 * Makes text from outside harmless in a log: control characters become {@code \xNN}, so no line can
 * be forged and no terminal be driven. Stateless.
 */
public final class Escape {
    private static final String HEX = "0123456789ABCDEF";

    private Escape() {}

    /** Appends text, control characters (C0, DEL, C1, line and paragraph separators) escaped. */
    public static void plain(StringBuilder to, CharSequence text, int charsMax) {
        int n = Math.min(text.length(), charsMax);
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            if (c == '\u2028' || c == '\u2029' || Character.isISOControl(c)) {
                hex(to, c);
            } else {
                to.append(c);
            }
        }
        ellipsis(to, text.length() > n);
    }

    /** Appends text for a place between the quotes of JSON (RFC 8259 §7). */
    static void json(StringBuilder to, CharSequence text, int charsMax) {
        int n = Math.min(text.length(), charsMax);
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else if (c == '\u2028' || c == '\u2029' || Character.isISOControl(c)
                    || Character.isSurrogate(c)) {
                to.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    to.append(HEX.charAt(c >>> shift & 15));
                }
            } else {
                to.append(c);
            }
        }
        ellipsis(to, text.length() > n);
    }

    /** As {@link #plain}, and the quote and the backslash too: for text between quotes. */
    public static void quoted(StringBuilder to, CharSequence text, int charsMax) {
        int n = Math.min(text.length(), charsMax);
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || c > 0x7e || c < 0x20) {
                hex(to, c);
            } else {
                to.append(c);
            }
        }
        ellipsis(to, text.length() > n);
    }

    private static void ellipsis(StringBuilder to, boolean cut) {
        if (cut) {
            to.append("...");
        }
    }

    private static void hex(StringBuilder to, int c) {
        to.append("\\x");
        for (int shift = c > 0xff ? 12 : 4; shift >= 0; shift -= 4) {
            to.append(HEX.charAt(c >>> shift & 15));
        }
    }
}
