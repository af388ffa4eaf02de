package dev.sluice.common.config;

import dev.sluice.common.config.LimitTypes.Use;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The limits, and which of them a location names. Owner: the loading thread. */
final class LimitCheck {

    private final Problems problems;
    private final Map<String, LimitConfig> limits = new LinkedHashMap<>();
    private final Inherited<LimitsConfig> inherited = new Inherited<>(LimitKeys.ALL);

    LimitCheck(Problems problems) {
        this.problems = problems;
    }

    void add(Scope scope) {
        if (scope.name.equals(Use.OFF.name())) {
            problems.error(scope.at, "a limit cannot be named \"off\"", "choose another name");
        }
        checkKind(scope);
        Integer connections = scope.ownValue(LimitKeys.CONNECTIONS);
        LimitConfig limit = new LimitConfig(scope.at, scope.name,
                scope.value(LimitKeys.KEY),
                scope.value(LimitKeys.IPV6_PREFIX),
                scope.ownValue(LimitKeys.RATE),
                connections == null ? 0 : connections,
                scope.value(LimitKeys.BURST),
                scope.value(LimitKeys.DELAY),
                scope.value(LimitKeys.MODE).equals("shadow"),
                scope.value(LimitKeys.STATUS),
                entryCount(scope.value(LimitKeys.SIZE)),
                scope.value(LimitKeys.HEADERS),
                scope.value(LimitKeys.LOG_LEVEL));
        if (scope.has(LimitKeys.IPV6_PREFIX) && !limit.key().equals("$remote_addr")) {
            problems.error(lineOf(scope, LimitKeys.IPV6_PREFIX),
                    "\"ipv6_prefix\" has no meaning with key = " + limit.key(),
                    "it belongs to key = $remote_addr");
        }
        limits.put(scope.name, limit);
    }

    /** It has a rate or connections, and only what belongs to it. */
    private void checkKind(Scope scope) {
        boolean rate = scope.has(LimitKeys.RATE);
        if (!scope.has(LimitKeys.CONNECTIONS)) {
            if (!rate) {
                problems.error(scope.at, scope.title() + " has no rate and no connections",
                        "add rate = 100r/s or connections = 20");
            }
            return;
        }
        if (rate) {
            problems.error(lineOf(scope, LimitKeys.CONNECTIONS),
                    scope.title() + " has both a rate and connections",
                    "make a [limit] of its own for each");
            return;
        }
        for (ConfigKey<?> key : List.of(LimitKeys.BURST, LimitKeys.DELAY, LimitKeys.HEADERS)) {
            if (scope.has(key)) {
                problems.error(lineOf(scope, key), "\"" + key.name()
                        + "\" has no meaning with connections", "it belongs to a rate");
            }
        }
    }

    private static <T> SourceLine lineOf(Scope scope, ConfigKey<T> key) {
        return scope.own(key).getFirst().value().at();
    }

    private static int entryCount(long bytes) {
        int entries = (int) (bytes / LimitKeys.ENTRY_BYTES);
        int power = Integer.highestOneBit(entries);
        return power == entries ? power : power << 1;
    }

    /** What limits a location, or a server for what no location matches. */
    LimitsConfig check(Scope scope) {
        LimitsConfig shared = inherited.of(scope);
        return shared != null ? shared : inherited.keep(scope, checkNow(scope));
    }

    private LimitsConfig checkNow(Scope scope) {
        List<LimitsConfig.Rate> rates = new ArrayList<>();
        List<LimitsConfig.Connections> connections = new ArrayList<>();
        Scope holder = scope.nearest(LimitKeys.LIMIT_USE);
        if (holder == scope) {
            checkNames(scope);
        }
        List<Use> uses = holder == null ? List.of() : holder.ownValues(LimitKeys.LIMIT_USE);
        for (Use use : uses) {
            LimitConfig limit = limits.get(use.name());
            if (limit == null) {
                continue;
            }
            if (limit.connections() > 0) {
                connections.add(new LimitsConfig.Connections(use.name(),
                        use.connections() == null ? limit.connections() : use.connections()));
            } else {
                rates.add(new LimitsConfig.Rate(use.name(),
                        use.burst() == null ? limit.burst() : use.burst(),
                        use.delayFrom() == null ? limit.delayFrom() : use.delayFrom()));
            }
        }
        SizeText rate = scope.value(LimitKeys.LIMIT_RATE);
        return new LimitsConfig(rates, connections, rate.isZero() ? LimitsConfig.Bandwidth.OFF
                : new LimitsConfig.Bandwidth(rate, scope.value(LimitKeys.LIMIT_RATE_AFTER)));
    }

    /** Checks what one section itself says, once. */
    void checkNames(Scope scope) {
        Map<String, SourceLine> firsts = new LinkedHashMap<>();
        for (Setting<Use> setting : scope.own(LimitKeys.LIMIT_USE)) {
            Use use = setting.parsed();
            if (use == null) {
                continue;
            }
            SourceLine at = setting.value().at();
            if (!limits.containsKey(use.name()) && use != Use.OFF) {
                String nearest = Spelling.nearest(use.name(), limits.keySet());
                problems.error(at, "unknown limit \"" + use.name() + "\"", nearest == null
                        ? "add [limit " + use.name() + "]" : "did you mean \"" + nearest + "\"?");
            }
            checkWords(use, at);
            SourceLine first = firsts.putIfAbsent(use.name(), at);
            if (first != null) {
                problems.error(at, "the limit \"" + use.name() + "\" is twice in "
                        + scope.title() + ", first at " + first, "keep one of them");
            }
        }
        if (firsts.containsKey(Use.OFF.name()) && firsts.size() > 1) {
            problems.error(firsts.get(Use.OFF.name()), "\"limit\" is both off and on in "
                    + scope.title(), "keep one of them");
        }
    }

    private void checkWords(Use use, SourceLine at) {
        LimitConfig limit = limits.get(use.name());
        if (limit == null) {
            return;
        }
        boolean ofRate = limit.connections() == 0;
        String wrong = ofRate ? use.connections() == null ? null : "connections"
                : use.burst() != null ? "burst" : use.delayFrom() != null ? "delay" : null;
        if (wrong != null) {
            problems.error(at, "\"" + wrong + "\" has no meaning with the limit \"" + use.name()
                    + "\", which is of " + (ofRate ? "a rate" : "connections"), "take it out");
        }
    }

    List<LimitConfig> all() {
        return List.copyOf(limits.values());
    }
}
