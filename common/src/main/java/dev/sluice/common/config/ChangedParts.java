package dev.sluice.common.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which parts of two records of one kind differ, each with both values: {@code proxy.upstream: app
 * -> app2}. Where something stands is no part; what fields are set to is not shown, it may be a
 * secret. Stateless.
 */
public final class ChangedParts {

    private static final int VALUE_CHARS_MAX = 100;

    private ChangedParts() {
    }

    /** Lines in the order of the parts; none when both mean the same. */
    static List<String> between(Object was, Object now) {
        List<String> lines = new ArrayList<>();
        compare("", was, now, lines);
        return lines;
    }

    private static void compare(String path, Object was, Object now, List<String> lines) {
        if (was == now || was instanceof SourceLine && now instanceof SourceLine
                || was != null && was.equals(now)) {
            return;
        }
        if (was instanceof AdminUser before && now instanceof AdminUser after
                && before.name().equals(after.name())) {
            lines.add(path + ": " + before.name() + " has another password");
        } else if (was instanceof HeaderRule before && now instanceof HeaderRule after) {
            if (!before.equals(after)) {
                lines.add(path + ": " + before.name() + " is set to something else");
            }
        } else if (was instanceof Record && now != null && was.getClass() == now.getClass()) {
            for (RecordComponent part : was.getClass().getRecordComponents()) {
                compare(path + (path.isEmpty() ? "" : ".") + part.getName(), value(part, was),
                        value(part, now), lines);
            }
        } else if (was instanceof List<?> before && now instanceof List<?> after
                && before.size() == after.size()) {
            for (int i = 0; i < before.size(); i++) {
                compare(path + "[" + i + "]", before.get(i), after.get(i), lines);
            }
        } else if (was instanceof Map || now instanceof Map) {
            lines.add(path + " is something else");
        } else {
            lines.add(path + ": " + text(was) + " -> " + text(now));
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
