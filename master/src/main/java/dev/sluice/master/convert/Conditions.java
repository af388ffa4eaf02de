package dev.sluice.master.convert;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an {@code if} of nginx asks, as a condition of a location: the request goes to another
 * location of the same pattern where it holds. Stateless.
 */
final class Conditions {

    private static final Pattern COMPARED =
            Pattern.compile("(\\$\\w+|\\$\\{\\w+})(?:\\s*(!?=|!?~\\*?)\\s*(.*))?");
    /** Beside these an if does something to what goes on behind it. */
    private static final Set<String> OF_ANSWERS =
            Set.of("return", "add_header", "default_type", "expires", "access_log");

    private Conditions() {
    }

    /** What stands between the parentheses. */
    static String asked(NginxDirective one) {
        return String.join(" ", one.args()).replaceAll("^\\(\\s*|\\s*\\)$", "");
    }

    /** Null where it cannot be said, or where the block does not end with an answer. */
    static String when(NginxDirective one) {
        Matcher m = COMPARED.matcher(asked(one));
        if (!m.matches() || !answers(one.block())) {
            return null;
        }
        if (m.group(2) == null) {
            // True in nginx unless it is empty or 0.
            return m.group(1) + " !~ ^0?$";
        }
        String sign = m.group(2).equals("=") ? "==" : m.group(2);
        return m.group(1) + " " + sign + " " + quoted(m.group(3));
    }

    private static boolean answers(List<NginxDirective> block) {
        return block.stream().anyMatch(inner -> inner.is("return"))
                && block.stream().allMatch(inner -> inner.isComment()
                        || OF_ANSWERS.contains(inner.name()));
    }

    private static String quoted(String text) {
        boolean inQuotes = text.length() > 1 && "\"'".indexOf(text.charAt(0)) >= 0
                && text.charAt(text.length() - 1) == text.charAt(0);
        return IniText.quoted(inQuotes ? text.substring(1, text.length() - 1) : text);
    }
}
