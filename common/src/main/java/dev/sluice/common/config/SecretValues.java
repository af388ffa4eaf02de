package dev.sluice.common.config;

import dev.sluice.common.log.SecretNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which values of a configuration are passwords as often as not: what a field such as Authorization
 * is set to, or compared with, by itself or by way of {@code [map]}, {@code [split]} and
 * {@code [geo]}. Whoever shows a configuration, or what has changed in it, asks here. Immutable.
 */
final class SecretValues {

    /** A key of such a section and its result; groups 1 to 4: before, the two, behind. */
    static final Pattern ROW;
    /** The result without a key; groups 1 to 3: before, the result, behind. */
    static final Pattern DEFAULT;

    private static final String FIELD = SecretNames.FIELDS;
    private static final Pattern SET = Pattern.compile(
            "(?im)^(?:proxy_)?(?:set|add)_header = \"?(?:" + FIELD + ")\"?\\s+(.*?)  ; .*$");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");
    private static final Pattern SENT = Pattern.compile(
            "(?i)http_(?:" + FIELD.replace('-', '_') + ")|cookie_\\w+");
    private static final Pattern SOURCE = Pattern.compile("source = (.*)  ; .*");
    private static final Pattern HEADER = Pattern.compile("\\[(?:(?:map|split|geo) (\\w+))?.*");

    static {
        String word = "(\"[^\"]*\"|'[^']*'|\\S+)";
        ROW = Pattern.compile("((?:value|share|network) = )" + word + "\\s+" + word + "(  ; .*)");
        DEFAULT = Pattern.compile("(default = )" + word + "(  ; .*)");
    }

    /** Variables whose results are such values, and those whose source is one. */
    private final Set<String> given = new HashSet<>();
    private final Set<String> compared = new HashSet<>();

    private SecretValues() {
    }

    /** @param effective texts that are shown together: what is a secret in one is one in all */
    static SecretValues of(String... effective) {
        SecretValues secrets = new SecretValues();
        Map<String, List<String>> sources = new HashMap<>();
        Map<String, List<String>> results = new HashMap<>();
        for (String text : effective) {
            SET.matcher(text).results()
                    .forEach(rule -> variables(rule.group(1), secrets.given::add));
            read(text, sources, results);
        }
        List<String> open = new ArrayList<>(secrets.given);
        while (!open.isEmpty()) {
            for (String result : results.getOrDefault(open.removeLast(), List.of())) {
                variables(result, name -> {
                    if (secrets.given.add(name)) {
                        open.add(name);
                    }
                });
            }
        }
        sources.forEach((name, all) -> {
            if (all.stream().anyMatch(secrets::isNamedIn)) {
                secrets.compared.add(name);
            }
        });
        return secrets;
    }

    private static void read(String text, Map<String, List<String>> sources,
            Map<String, List<String>> results) {
        String variable = "";
        for (String line : text.lines().toList()) {
            variable = variableAt(line, variable);
            if (variable.isEmpty()) {
                continue;
            }
            Matcher source = SOURCE.matcher(line);
            Matcher row = ROW.matcher(line);
            Matcher other = DEFAULT.matcher(line);
            if (source.matches()) {
                sources.computeIfAbsent(variable, name -> new ArrayList<>()).add(source.group(1));
            } else if (row.matches() || other.matches()) {
                results.computeIfAbsent(variable, name -> new ArrayList<>())
                        .add(row.matches() ? row.group(3) : other.group(2));
            }
        }
    }

    /** The variable whose section the line is in; empty outside of such sections. */
    static String variableAt(String line, String before) {
        Matcher header = HEADER.matcher(line);
        if (!header.matches()) {
            return before;
        }
        return header.group(1) == null ? "" : header.group(1);
    }

    private static void variables(String template, Consumer<String> each) {
        VARIABLE.matcher(template).results().forEach(found -> each.accept(found.group(1)));
    }

    /** Whether it is a variable that such a field is set to. */
    boolean isGiven(String variable) {
        return given.contains(variable);
    }

    /** Whether the keys of the variable are what such a field is compared with. */
    boolean isCompared(String variable) {
        return compared.contains(variable);
    }

    /** Whether a template has such a value in it, as a client sends it or as a peer gets it. */
    boolean isNamedIn(String template) {
        return VARIABLE.matcher(template).results().map(found -> found.group(1))
                .anyMatch(name -> SENT.matcher(name).matches() || given.contains(name));
    }

    /** A result that variables make, or an empty one, tells nothing. */
    static boolean tellsNothing(String result) {
        return result.isEmpty() || result.contains("$");
    }
}
