package dev.sluice.common.config;

import dev.sluice.common.config.DerivedConfig.Kind;
import dev.sluice.common.config.DerivedConfig.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes variables of their sections, in the order of the file. Owner: the loading thread. */
final class DerivedCheck {

    private static final int WHOLE = 10_000;

    private final Problems problems;
    private final Map<String, Scope> defined = new HashMap<>();
    private final Set<String> all = new HashSet<>();

    DerivedCheck(Problems problems) {
        this.problems = problems;
    }

    List<DerivedConfig> check(List<Scope> scopes) {
        scopes.forEach(scope -> all.add(scope.name));
        List<DerivedConfig> checked = new ArrayList<>();
        for (Scope scope : scopes) {
            checkName(scope);
            checkOrder(scope);
            Kind kind = Kind.valueOf(scope.kind.name());
            String source = scope.ownValue(DerivedKeys.SOURCE);
            if (!scope.has(DerivedKeys.SOURCE) && kind != Kind.GEO) {
                problems.error(scope.at, scope.title() + " has no \"source\"",
                        "add what decides the variable, for instance source = $http_host");
            }
            List<Rule> rules = scope.ownValues(switch (kind) {
                case MAP -> DerivedKeys.VALUE;
                case SPLIT -> DerivedKeys.SHARE;
                case GEO -> DerivedKeys.NETWORK;
            });
            checkRules(scope, kind, rules);
            String byDefault = kind == Kind.SPLIT ? null : scope.ownValue(DerivedKeys.DEFAULT);
            checked.add(new DerivedConfig(scope.at, scope.name, kind,
                    source == null ? "$remote_addr" : source, rules,
                    byDefault == null ? "" : byDefault));
            defined.putIfAbsent(scope.name, scope);
        }
        return checked;
    }

    private void checkName(Scope scope) {
        Scope first = defined.get(scope.name);
        if (KnownVariables.isBuiltIn(scope.name)) {
            problems.error(scope.at, scope.title() + ": \"$" + scope.name
                    + "\" has a meaning already", "choose another name");
        } else if (!scope.name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            problems.error(scope.at, scope.title() + " is no name of a variable",
                    "write letters, digits and _, no digit first");
        } else if (first != null && first.kind != scope.kind) {
            problems.error(scope.at, "\"$" + scope.name + "\" is defined already, by "
                    + first.title() + " at " + first.at, "choose another name");
        }
    }

    /** A variable can only be made of those above it, so that none is made of itself. */
    private void checkOrder(Scope scope) {
        for (Setting<?> setting : scope.settings()) {
            String text = setting.value().text();
            for (int at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at + 1)) {
                int from = text.startsWith("{", at + 1) ? at + 2 : at + 1;
                String name = KnownVariables.nameAt(text, from);
                if (all.contains(name) && !defined.containsKey(name)) {
                    problems.error(setting.value().at(), "\"" + setting.key().name() + "\": \"$"
                            + name + "\" is not defined above " + scope.title(),
                            "a variable is made of those that stand before it");
                }
            }
        }
    }

    private void checkRules(Scope scope, Kind kind, List<Rule> rules) {
        Map<String, Rule> firsts = new HashMap<>();
        int sum = 0;
        for (Rule rule : rules) {
            boolean rest = rule.key().equals("*");
            if (kind == Kind.SPLIT && !rest) {
                sum += Integer.parseInt(rule.key());
                continue;
            }
            Rule first = firsts.putIfAbsent(kind == Kind.MAP && !rule.key().startsWith("~")
                    ? rule.key().toLowerCase(Locale.ROOT) : rule.key(), rule);
            if (first != null) {
                problems.error(rule.at(), "\"" + rule.key() + "\" is there twice in "
                        + scope.title() + ", first at " + first.at(), "keep one of them");
            }
            if (kind == Kind.SPLIT && rule != rules.getLast()) {
                problems.error(rule.at(), "\"*\" is not the last share of " + scope.title(),
                        "it takes what is left");
            }
        }
        if (sum > WHOLE) {
            problems.error(scope.at, scope.title() + " shares out " + sum / 100 + "%",
                    "the sum is 100% at most");
        }
    }
}
