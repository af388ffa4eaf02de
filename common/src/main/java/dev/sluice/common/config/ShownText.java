package dev.sluice.common.config;

import java.util.regex.Pattern;

/**
 * The effective configuration as it may be shown to anybody who helps: what a field such as
 * Authorization is set to, or compared with, is a password as often as not. Stateless.
 */
final class ShownText {

    /** Fields whose values let somebody in, by name. */
    private static final String FIELD = "(?:proxy-)?authorization|(?:set-)?cookie"
            + "|[\\w.-]*(?:key|token|secret|password)[\\w.-]*";
    private static final Pattern RULE = Pattern.compile(
            "(?im)^((?:proxy_)?(?:set|add)_header = \"?(?:" + FIELD + ")\"?\\s+)"
                    + "(?!\"\"|[^;]*\\$)(.+?)((?:\\s+always)?  ; .*)$");
    private static final String ASKED = "(?im)^(when = \\$\\{?(?:http_(?:"
            + FIELD.replace('-', '_') + ")|cookie_\\w+)}?\\s+!?";
    private static final Pattern TEXT = Pattern.compile(ASKED + "==?\\s+)(.+?)(  ; .*)$");
    private static final Pattern EXPRESSION = Pattern.compile(ASKED + "~\\*?\\s+)(.+?)(  ; .*)$");

    private ShownText() {
    }

    /** It stays a configuration; a value that variables make, or an empty one, tells nothing. */
    static String of(String effective) {
        String shown = RULE.matcher(effective).replaceAll("$1\"***\"$3");
        shown = TEXT.matcher(shown).replaceAll("$1\"***\"$3");
        return EXPRESSION.matcher(shown).replaceAll("$1\"[*]+\"$3");
    }
}
