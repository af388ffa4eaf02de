package dev.sluice.common.config;

import dev.sluice.common.log.SecretNames;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Maps in the effective configuration as they may be shown: what a field such as Authorization is
 * compared with, by a map of it, and what it is set to, by a variable that a map makes. Stateless.
 */
final class ShownMaps {

    private static final String FIELD = SecretNames.FIELDS;
    private static final Pattern SET = Pattern.compile(
            "(?im)^(?:proxy_)?(?:set|add)_header = \"?(?:" + FIELD + ")\"?\\s+(.*?)  ; .*$");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");
    private static final Pattern BY_SECRET = Pattern.compile("(?i)source = \\S*\\$\\{?(?:http_(?:"
            + FIELD.replace('-', '_') + ")|cookie_\\w+).*");
    private static final Pattern HEADER = Pattern.compile("\\[(?:map (\\w+))?.*");
    private static final String WORD = "(\"[^\"]*\"|'[^']*'|\\S+)";
    private static final Pattern ROW =
            Pattern.compile("(value = )" + WORD + "\\s+" + WORD + "(  ; .*)");
    private static final Pattern DEFAULT = Pattern.compile("(default = )" + WORD + "(  ; .*)");

    private ShownMaps() {
    }

    static String of(String effective) {
        Set<String> compared = new HashSet<>();
        Set<String> given = new HashSet<>();
        SET.matcher(effective).results().forEach(rule -> VARIABLE.matcher(rule.group(1)).results()
                .forEach(variable -> given.add(variable.group(1))));
        String map = "";
        for (String line : effective.lines().toList()) {
            map = mapAt(line, map);
            if (!map.isEmpty() && BY_SECRET.matcher(line).matches()) {
                compared.add(map);
            }
        }
        if (compared.isEmpty() && given.isEmpty()) {
            return effective;
        }
        StringBuilder shown = new StringBuilder();
        int row = 0;
        for (String line : effective.lines().toList()) {
            map = mapAt(line, map);
            shown.append(line(line, compared.contains(map), given.contains(map), ++row))
                    .append('\n');
        }
        return shown.toString();
    }

    /** The map whose section the line is in; empty outside of maps. */
    private static String mapAt(String line, String before) {
        Matcher header = HEADER.matcher(line);
        if (!header.matches()) {
            return before;
        }
        return header.group(1) == null ? "" : header.group(1);
    }

    /** @param row makes what stands for a value another one in each line */
    private static String line(String line, boolean compared, boolean given, int row) {
        Matcher value = ROW.matcher(line);
        if ((compared || given) && value.matches()) {
            return value.group(1) + (compared ? "\"***" + row + "\"" : value.group(2)) + ' '
                    + (given ? hidden(value.group(3)) : value.group(3)) + value.group(4);
        }
        Matcher other = DEFAULT.matcher(line);
        return given && other.matches()
                ? other.group(1) + hidden(other.group(2)) + other.group(3) : line;
    }

    /** A value that variables make, or an empty one, tells nothing. */
    private static String hidden(String word) {
        return word.equals("\"\"") || word.contains("$") ? word : "\"***\"";
    }
}
