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
 * is set to, or a parameter such as token compared with, by itself or by way of {@code [map]},
 * {@code [split]} and {@code [geo]}. Whoever shows a configuration, what has changed in it or what
 * it makes of a request, asks here. Immutable.
 */
public final class SecretValues {

    /** A key of such a section and its result; groups 1 to 4: before, the two, behind. */
    static final Pattern ROW;
    /** The result without a key; groups 1 to 3: before, the result, behind. */
    static final Pattern DEFAULT;

    /** A field that is set; groups 1 to 4: before, its name, its value, behind. */
    static final Pattern SET = Pattern.compile("(?m)^((?:proxy_)?(?:set|add)_header ="
            + " [\"']?([^\\s\"']+)[\"']?\\s+)(.+?)((?:\\s+always)?  ; .*)$");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");
    private static final Pattern SENT =
            Pattern.compile("(?:(?:sent_|upstream_)?http|arg)_(\\w+)");
    private static final String COOKIE = "cookie_";
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
                    .forEach(rule -> secrets.give(rule.group(2), rule.group(3)));
            read(text, sources, results);
        }
        return secrets.follow(sources, results);
    }

    /** Where there is no text, but what was made of it. */
    public static SecretValues of(SluiceConfig config) {
        SecretValues secrets = new SecretValues();
        for (ServerConfig server : config.servers()) {
            secrets.give(server.fallback());
            server.locations().forEach(secrets::give);
        }
        Map<String, List<String>> sources = new HashMap<>();
        Map<String, List<String>> results = new HashMap<>();
        for (DerivedConfig derived : config.derived()) {
            sources.put(derived.name(), List.of(derived.source()));
            List<String> all = new ArrayList<>(
                    derived.rules().stream().map(DerivedConfig.Rule::result).toList());
            all.add(derived.defaultResult());
            results.put(derived.name(), all);
        }
        return secrets.follow(sources, results);
    }

    private void give(LocationConfig location) {
        location.headers().set().forEach(rule -> give(rule.name(), rule.value()));
        location.headers().add().forEach(rule -> give(rule.name(), rule.value()));
        if (location.proxy() != null) {
            location.proxy().headers().set().forEach(rule -> give(rule.name(), rule.value()));
            location.proxy().headers().add().forEach(rule -> give(rule.name(), rule.value()));
        }
    }

    private void give(String field, String value) {
        if (SecretNames.has(field)) {
            variables(value, given::add);
        }
    }

    private SecretValues follow(Map<String, List<String>> sources,
            Map<String, List<String>> results) {
        List<String> open = new ArrayList<>(given);
        while (!open.isEmpty()) {
            for (String result : results.getOrDefault(open.removeLast(), List.of())) {
                variables(result, name -> {
                    if (given.add(name)) {
                        open.add(name);
                    }
                });
            }
        }
        sources.forEach((name, all) -> {
            if (all.stream().anyMatch(this::isNamedIn)) {
                compared.add(name);
            }
        });
        return this;
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
                .anyMatch(name -> isSent(name) || given.contains(name));
    }

    private static boolean isSent(String variable) {
        Matcher sent = SENT.matcher(variable);
        return variable.startsWith(COOKIE) || sent.matches() && SecretNames.has(sent.group(1));
    }

    /** What is shown as the value that a template has for a request. */
    public String shown(String template, String value) {
        return value.isEmpty() || !isNamedIn(template) ? SecretNames.hideIn(value)
                : SecretNames.HIDDEN;
    }

    /** The same of a field that rules may have set. */
    public String shown(String field, String value, List<HeaderRule> rules) {
        boolean set = !value.isEmpty() && rules.stream().anyMatch(
                rule -> rule.name().equalsIgnoreCase(field) && isNamedIn(rule.value()));
        return set ? SecretNames.HIDDEN : SecretNames.shown(field, value);
    }

    /** A rule as it is configured, {@code Name: value}. */
    public static String shown(HeaderRule rule) {
        String value = SecretNames.has(rule.name()) && !tellsNothing(rule.value())
                ? SecretNames.HIDDEN : SecretNames.hideInRule(rule.value());
        return rule.name() + ": " + value;
    }

    /** A condition as it is configured. */
    public String shown(ConditionConfig condition) {
        return condition.value() + " " + condition.operator().sign() + " "
                + (isNamedIn(condition.value()) ? SecretNames.HIDDEN
                        : SecretNames.hideInRule(String.join(" ", condition.operands())));
    }

    /** A result that variables make, or an empty one, tells nothing. */
    static boolean tellsNothing(String result) {
        return result.isEmpty() || result.contains("$");
    }
}
