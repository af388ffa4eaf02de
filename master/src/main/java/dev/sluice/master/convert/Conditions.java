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

    static final Pattern COMPARED =
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

    /** Why {@link #when} says null. */
    static String reason(NginxDirective one) {
        String asked = asked(one);
        boolean sets = one.block().stream().anyMatch(inner -> inner.is("set"));
        Matcher m = COMPARED.matcher(asked);
        if (FileTests.asks(one)) {
            return FileTests.reason(one);
        }
        if (sets) {
            return "a variable is made by [map], which looks at "
                    + (m.matches() ? m.group(1) : asked);
        }
        return "conditions are locations with when = " + asked;
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
        return m.group(1) + " " + sign + " " + IniText.quoted(unquoted(m.group(3)));
    }

    /** A whole address in place of any path is an answer, too. */
    static NginxDirective asReturn(NginxDirective one) {
        boolean away = one.is("rewrite") && one.arg(1).matches("(https?|\\$scheme)://.*")
                && one.arg(2).matches("|permanent|redirect");
        String url = away ? address(one.arg(0), one.arg(1)) : null;
        return url == null ? one : new NginxDirective("return",
                List.of(one.arg(2).equals("permanent") ? "301" : "302", url), null,
                one.comments(), one.at());
    }

    /** Null where it takes only a part of the path. */
    private static String address(String pattern, String to) {
        if (pattern.matches("\\^|\\^?\\.\\*\\$?|\\^/")) {
            return to.endsWith("?") ? to.substring(0, to.length() - 1) : to + "$is_args$args";
        }
        boolean whole = pattern.matches("\\^?\\(\\.[*+]\\)\\$?") && to.matches(".*[^/$]\\$1");
        boolean part = pattern.matches("\\^/\\(\\.[*+]\\)\\$?") && to.matches(".*[^/]/\\$1");
        return whole ? to.replace("$1", "$request_uri")
                : part ? to.replace("/$1", "$request_uri") : null;
    }

    private static boolean answers(List<NginxDirective> block) {
        return block.stream().map(Conditions::asReturn).anyMatch(inner -> inner.is("return"))
                && block.stream().map(Conditions::asReturn).allMatch(inner -> inner.isComment()
                        || OF_ANSWERS.contains(inner.name()));
    }

    static String unquoted(String text) {
        boolean inQuotes = text.length() > 1 && "\"'".indexOf(text.charAt(0)) >= 0
                && text.charAt(text.length() - 1) == text.charAt(0);
        return inQuotes ? text.substring(1, text.length() - 1) : text;
    }
}
