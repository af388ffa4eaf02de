package dev.sluice.master.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes maps of a {@code set} that stands alone in an {@code if}, with one before that says what
 * holds otherwise: of several, each goes on from the map of the one before it. Only where it is
 * the same at any time: constants, and conditions on what no rewrite changes. The others stay.
 *
 * <p>Owner: the calling thread.
 */
final class SetChoices {

    private static final String NOTHING_OR_ZERO = "~^0?$";

    private final List<NginxDirective> http;
    private final List<NginxDirective> maps = new ArrayList<>();

    private SetChoices(List<NginxDirective> http) {
        this.http = http;
    }

    /** The same servers, with maps beside them. */
    static List<NginxDirective> asMaps(List<NginxDirective> all) {
        return all.stream().map(one -> one.is("http") && one.block() != null
                ? SetValues.with(one, new SetChoices(one.block()).converted()) : one).toList();
    }

    private List<NginxDirective> converted() {
        List<NginxDirective> rest = http.stream().map(one -> one.is("server")
                ? SetValues.with(one, scope(one.block())) : one).toList();
        List<NginxDirective> all = new ArrayList<>(maps);
        all.addAll(rest);
        return all;
    }

    /** One server or location. */
    private List<NginxDirective> scope(List<NginxDirective> given) {
        List<NginxDirective> block = given;
        for (NginxDirective one : given) {
            if (chosen(one) != null) {
                block = chosenByMaps(block, chosen(one).arg(0));
            }
        }
        return block.stream().map(one -> one.is("location") && one.block() != null
                ? SetValues.with(one, scope(one.block())) : one).toList();
    }

    /** The set that is all that an if does; null for others. */
    private static NginxDirective chosen(NginxDirective one) {
        List<NginxDirective> acts = !one.is("if") || one.block() == null ? List.of()
                : one.block().stream().filter(inner -> !inner.isComment()).toList();
        return acts.size() == 1 && acts.getFirst().is("set")
                && acts.getFirst().args().size() == 2 ? acts.getFirst() : null;
    }

    private List<NginxDirective> chosenByMaps(List<NginxDirective> block, String variable) {
        Pattern use = SetValues.use(variable);
        List<NginxDirective> parts = block.stream().filter(one -> one.is("set")
                && one.arg(0).equals(variable) || chosen(one) != null
                && chosen(one).arg(0).equals(variable)).toList();
        if (parts.isEmpty() || !isSayable(block, parts, variable, use)) {
            return block;
        }
        List<NginxDirective> chain = chain(parts, variable, use);
        if (chain == null) {
            return block;
        }
        maps.addAll(chain);
        List<NginxDirective> result = new ArrayList<>();
        for (NginxDirective one : block) {
            if (one == parts.getFirst()) {
                result.add(new NginxDirective("", List.of(), null, List.of(" by [map "
                        + variable.substring(1) + "]: " + one.text()), one.at()));
            } else if (!parts.contains(one)) {
                result.add(one);
            }
        }
        return result;
    }

    /** Whether nobody else sets it, and nobody asks for it before all has been said. */
    private boolean isSayable(List<NginxDirective> block, List<NginxDirective> parts,
            String variable, Pattern use) {
        boolean begins = parts.getFirst().is("set") && parts.getFirst().arg(1).indexOf('$') < 0;
        boolean one = parts.stream().filter(part -> part.is("set")).count() == 1;
        boolean defined = http.stream().anyMatch(other -> other.block() != null
                && !other.is("server") && other.args().contains(variable));
        if (!begins || !one || defined
                || SetValues.setsOf(http, variable) != parts.size()) {
            return false;
        }
        NginxDirective last = parts.getLast();
        return block.subList(0, block.indexOf(last)).stream()
                .filter(other -> !parts.contains(other))
                .noneMatch(other -> SetValues.isInOrder(other)
                        && SetValues.uses(List.of(other), use));
    }

    /** Null when one of them cannot be said. */
    private List<NginxDirective> chain(List<NginxDirective> parts, String variable, Pattern use) {
        List<NginxDirective> chain = new ArrayList<>();
        String before = parts.getFirst().arg(1);
        for (int i = 1; i < parts.size(); i++) {
            String name = i == parts.size() - 1 ? variable : variable + "_" + i;
            String value = use.matcher(chosen(parts.get(i)).arg(1))
                    .replaceAll(Matcher.quoteReplacement(before));
            Matcher asked = Conditions.COMPARED.matcher(Conditions.asked(parts.get(i)));
            boolean own = value.replace(before, "").indexOf('$') < 0;
            boolean taken = !name.equals(variable)
                    && SetValues.uses(http, SetValues.use(name));
            NginxDirective map = !own || taken || !asked.matches() ? null
                    : map(parts.get(i), asked, name, before, value);
            if (map == null) {
                return null;
            }
            List<String> comments = new ArrayList<>(
                    i == 1 ? parts.getFirst().comments() : List.of());
            comments.addAll(map.comments());
            chain.add(new NginxDirective("map", map.args(), map.block(), comments, map.at()));
            before = "${" + name.substring(1) + "}";
        }
        return chain.isEmpty() ? null : chain;
    }

    private static NginxDirective map(NginxDirective one, Matcher asked, String name,
            String otherwise, String value) {
        String sign = asked.group(2) == null ? "" : asked.group(2);
        String text = sign.isEmpty() ? "" : Conditions.unquoted(asked.group(3));
        if (SetValues.isChanging(asked.group(1)) || sign.contains("~") && !isExpression(text)) {
            return null;
        }
        String rule = switch (sign) {
            case "" -> NOTHING_OR_ZERO;
            case "=", "!=" -> "~^" + text.replaceAll("([.\\\\+*?^$()\\[\\]{}|])", "\\\\$1") + "$";
            default -> sign.replace("!", "") + text;
        };
        boolean holds = !sign.isEmpty() && !sign.startsWith("!");
        List<NginxDirective> rules = List.of(
                new NginxDirective("default", List.of(holds ? otherwise : value), null, List.of(),
                        one.at()),
                new NginxDirective(rule, List.of(holds ? value : otherwise), null, List.of(),
                        one.at()));
        return new NginxDirective("map", List.of(asked.group(1), name), rules, one.comments(),
                one.at());
    }

    /** Expressions here do not look ahead or behind, nor refer back. */
    private static boolean isExpression(String text) {
        try {
            com.google.re2j.Pattern.compile(text);
            return true;
        } catch (com.google.re2j.PatternSyntaxException other) {
            return false;
        }
    }
}
