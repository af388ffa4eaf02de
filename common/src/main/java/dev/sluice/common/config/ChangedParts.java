package dev.sluice.common.config;

import dev.sluice.common.log.SecretNames;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which parts of two records of one kind differ, each with both values: {@code proxy.upstream: app
 * -> app2}. Where something stands is no part; what fields are set to is not shown, nor what
 * {@link SecretValues} knows. Owner: the calling thread.
 */
public final class ChangedParts {

    private static final int VALUE_CHARS_MAX = 100;

    private final SecretValues secrets;
    private final List<String> lines = new ArrayList<>();

    private ChangedParts(SecretValues secrets) {
        this.secrets = secrets;
    }

    /**
     * Lines in the order of the parts; none when both mean the same.
     *
     * @param secrets of both configurations
     */
    static List<String> between(Object was, Object now, SecretValues secrets) {
        ChangedParts parts = new ChangedParts(secrets);
        parts.compare("", was, now);
        return parts.lines;
    }

    private void compare(String path, Object was, Object now) {
        if (was == now || was instanceof SourceLine && now instanceof SourceLine
                || was != null && was.equals(now)) {
            return;
        }
        if (was instanceof AdminUser before && now instanceof AdminUser after
                && before.name().equals(after.name())) {
            lines.add(path + ": " + before.name() + " has another password");
        } else if (was instanceof HeaderRule before && now instanceof HeaderRule after) {
            lines.add(path + ": " + before.name() + " is set to something else");
        } else if (was instanceof ConditionConfig before && now instanceof ConditionConfig after
                && (isSecret(before) || isSecret(after))) {
            compare(path + ".value", before.value(), after.value());
            compare(path + ".operator", before.operator(), after.operator());
            otherwise(path + ".operands", before.operands(), after.operands());
        } else if (was instanceof DerivedConfig before && now instanceof DerivedConfig after) {
            derived(before, after);
        } else if (was instanceof Record && now != null && was.getClass() == now.getClass()) {
            for (RecordComponent part : was.getClass().getRecordComponents()) {
                compare(path + (path.isEmpty() ? "" : ".") + part.getName(), value(part, was),
                        value(part, now));
            }
        } else if (was instanceof List<?> before && now instanceof List<?> after
                && before.size() == after.size()) {
            for (int i = 0; i < before.size(); i++) {
                compare(path + "[" + i + "]", before.get(i), after.get(i));
            }
        } else if (was instanceof Map || now instanceof Map) {
            lines.add(path + " is something else");
        } else {
            String before = SecretNames.hideInRule(text(was));
            String after = SecretNames.hideInRule(text(now));
            lines.add(before.equals(after) ? path + " is something else"
                    : path + ": " + before + " -> " + after);
        }
    }

    private boolean isSecret(ConditionConfig condition) {
        return secrets.isNamedIn(condition.value());
    }

    /** A variable whose keys, or results, may be secrets. */
    private void derived(DerivedConfig was, DerivedConfig now) {
        compare("kind", was.kind(), now.kind());
        compare("source", was.source(), now.source());
        int rules = was.rules().size();
        if (rules != now.rules().size()) {
            lines.add("rules: " + rules + " -> " + now.rules().size());
        }
        for (int i = 0; rules == now.rules().size() && i < rules; i++) {
            DerivedConfig.Rule before = was.rules().get(i);
            DerivedConfig.Rule after = now.rules().get(i);
            String path = "rules[" + i + "].";
            if (secrets.isCompared(was.name())) {
                otherwise(path + "key", before.key(), after.key());
            } else {
                compare(path + "key", before.key(), after.key());
            }
            result(was.name(), path + "result", before.result(), after.result());
        }
        result(was.name(), "defaultResult", was.defaultResult(), now.defaultResult());
    }

    private void result(String variable, String path, String was, String now) {
        boolean told = SecretValues.tellsNothing(was) && SecretValues.tellsNothing(now);
        if (secrets.isGiven(variable) && !told) {
            otherwise(path, was, now);
        } else {
            compare(path, was, now);
        }
    }

    private void otherwise(String path, Object was, Object now) {
        if (!was.equals(now)) {
            lines.add(path + " is something else");
        }
    }

    private static Object value(RecordComponent part, Object of) {
        try {
            return part.getAccessor().invoke(of);
        } catch (IllegalAccessException | InvocationTargetException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String text(Object value) {
        String text = switch (value) {
            case null -> "none";
            case HeaderRule rule -> rule.name();
            case SourceLine place -> "";
            case List<?> list -> list.isEmpty() ? "none"
                    : String.join(", ", list.stream().map(ChangedParts::text).toList());
            case RewriteConfig rewrite -> rewrite.regex() + " " + rewrite.replacement();
            case ServerNameConfig name -> name.text();
            case ListenConfig listen -> listen.key();
            case AccessRule rule -> (rule.allow() ? "allow " : "deny ") + rule.network();
            case AdminUser user -> user.name();
            case Record other -> "something";
            default -> value.toString();
        };
        return text.length() <= VALUE_CHARS_MAX ? text : text.substring(0, VALUE_CHARS_MAX) + "...";
    }
}
