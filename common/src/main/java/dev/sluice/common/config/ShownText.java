package dev.sluice.common.config;

import dev.sluice.common.log.SecretNames;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The effective configuration as it may be shown to anybody who helps: what a field such as
 * Authorization is set to, or compared with, is a password as often as not, and so is what a query
 * of a URL gives to a parameter such as token. Stateless.
 */
final class ShownText {

    private static final Pattern ASKED = Pattern.compile(
            "(?m)^(when = (\"[^\"]*\"|'[^']*'|\\S+)\\s+!?(==?|~\\*?)\\s+)(.+?)(  ; .*)$");
    private static final Pattern USER =
            Pattern.compile("(?m)^(auth_basic_user =\\s*)\"?([^:\"]+:).+?(  ; .*)$");

    private static final Pattern HEADER = Pattern.compile("\\[[^]]*]");
    private static final Pattern VALUE = Pattern.compile("((\\w+) =\\s*).+?(  ; [^;]*)");

    private ShownText() {
    }

    /** How a key of {@code [module NAME]} is named among secrets. */
    static String ofModule(String module, String key) {
        return "[module " + module + "] " + key;
    }

    /**
     * It stays a configuration; a value that variables make, or an empty one, tells nothing.
     *
     * @param secrets keys of modules whose values are hidden whatever they are
     */
    static String of(String effective, Set<String> secrets) {
        String shown = secrets.isEmpty() ? effective : withoutSecrets(effective, secrets);
        shown = SecretValues.SET.matcher(shown).replaceAll(rule -> Matcher.quoteReplacement(
                !SecretNames.has(rule.group(2))
                        || SecretValues.tellsNothing(Words.unquoteWhole(rule.group(3)))
                ? rule.group() : rule.group(1) + "\"***\"" + rule.group(4)));
        shown = USER.matcher(shown).replaceAll("$1$2***$3");
        SecretValues values = SecretValues.of(effective);
        shown = ASKED.matcher(shown).replaceAll(when -> Matcher.quoteReplacement(
                !values.isNamedIn(when.group(2)) ? when.group()
                : when.group(1) + (when.group(3).startsWith("~") ? "\"[*]+\"" : "\"***\"")
                        + when.group(5)));
        return ShownMaps.of(shown, values).lines().map(line -> line.startsWith("[") ? line
                : SecretNames.hideInRule(line)).map(line -> line + '\n')
                .collect(Collectors.joining());
    }

    private static String withoutSecrets(String effective, Set<String> secrets) {
        StringBuilder shown = new StringBuilder();
        String section = "";
        for (String line : effective.lines().toList()) {
            Matcher header = HEADER.matcher(line);
            Matcher value = VALUE.matcher(line);
            if (header.lookingAt()) {
                section = header.group();
            } else if (value.matches() && (secrets.contains(value.group(2))
                    || secrets.contains(section + " " + value.group(2)))) {
                shown.append(value.group(1)).append("\"***\"").append(value.group(3)).append('\n');
                continue;
            }
            shown.append(line).append('\n');
        }
        return shown.toString();
    }
}
