package dev.sluice.common.log;

import java.util.Locale;

/**
 * Which fields and parameters have values that let somebody in, by their names: nothing that is
 * shown to an operator, and no line of the error log, has those values. Stateless.
 */
public final class SecretNames {

    /** What stands for a value. */
    public static final String HIDDEN = "***";

    private static final String[] PARTS = {"key", "token", "secret", "passw", "authorization",
        "cookie", "session", "signature"};

    private SecretNames() {
    }

    /** Whether a field or a parameter of this name has a value that is not to be seen. */
    public static boolean has(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String part : PARTS) {
            if (lower.contains(part)) {
                return true;
            }
        }
        return lower.equals("code") || lower.equals("sig") || lower.equals("pwd");
    }

    /**
     * A request line, a target or a URL without the values of such parameters: of its query, of its
     * fragment, and of queries that stand in it unescaped. Other text stays as it is.
     */
    public static String hideIn(String text) {
        return hideIn(text, "&?;# ", false);
    }

    /**
     * The same in a line of a configuration, where a quote ends a value, one with variables tells
     * nothing, and a group of an expression begins with a question mark, too.
     */
    public static String hideInRule(String line) {
        return hideIn(line, "&?;# \"'", true);
    }

    /** What is shown as the value of a field, which may be a URL with a query, as of Location. */
    public static String shown(String field, String value) {
        return has(field) ? HIDDEN : hideIn(value);
    }

    private static String hideIn(String text, String ends, boolean isRule) {
        int path = 0;
        while (path < text.length() && text.charAt(path) != '#' && (text.charAt(path) != '?'
                || isRule && path > 0 && text.charAt(path - 1) == '(')) {
            path++;
        }
        StringBuilder shown = new StringBuilder(text.length()).append(text, 0, path);
        for (int at = path; at < text.length();) {
            int end = at + 1;
            while (end < text.length() && ends.indexOf(text.charAt(end)) < 0) {
                end++;
            }
            int equals = text.indexOf('=', at);
            boolean hides = equals >= 0 && equals < end && has(decoded(text, at + 1, equals))
                    && !(isRule && text.substring(equals, end).contains("$"));
            shown.append(text, at, hides ? equals + 1 : end).append(hides ? HIDDEN : "");
            at = end;
        }
        return shown.toString();
    }

    /** A name may be escaped in part (RFC 3986 §2.1): who reads it decodes it. */
    private static String decoded(String text, int from, int to) {
        StringBuilder name = new StringBuilder();
        for (int i = from; i < to; i++) {
            int high = i + 2 < to ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < to ? Character.digit(text.charAt(i + 2), 16) : -1;
            boolean escaped = text.charAt(i) == '%' && high >= 0 && low >= 0;
            name.append(escaped ? (char) (high << 4 | low) : text.charAt(i));
            i += escaped ? 2 : 0;
        }
        return name.toString();
    }
}
