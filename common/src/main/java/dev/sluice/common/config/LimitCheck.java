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

    LimitCheck(Problems problems) {
        this.problems = problems;
    }

    void add(Scope scope) {
        if (scope.name.equals(Use.OFF.name())) {
            problems.error(scope.at, "a limit cannot be named \"off\"", "choose another name");
        }
        if (!scope.has(LimitKeys.RATE)) {
            problems.error(scope.at, scope.title() + " has no rate", "add rate = 100r/s");
        }
        LimitConfig limit = new LimitConfig(scope.at, scope.name,
                scope.value(LimitKeys.KEY),
                scope.value(LimitKeys.IPV6_PREFIX),
                scope.ownValue(LimitKeys.RATE),
                scope.value(LimitKeys.BURST),
                scope.value(LimitKeys.DELAY),
                scope.value(LimitKeys.MODE).equals("shadow"),
                scope.value(LimitKeys.STATUS),
                entryCount(scope.value(LimitKeys.SIZE)),
                scope.value(LimitKeys.HEADERS),
                scope.value(LimitKeys.LOG_LEVEL));
        if (scope.has(LimitKeys.IPV6_PREFIX) && !limit.key().equals("$remote_addr")) {
            problems.error(scope.own(LimitKeys.IPV6_PREFIX).getFirst().value().at(),
                    "\"ipv6_prefix\" has no meaning with key = " + limit.key(),
                    "it belongs to key = $remote_addr");
        }
        limits.put(scope.name, limit);
    }

    private static int entryCount(long bytes) {
        int entries = (int) (bytes / LimitKeys.ENTRY_BYTES);
        int power = Integer.highestOneBit(entries);
        return power == entries ? power : power << 1;
    }

    /** What limits a location, or a server for what no location matches. */
    LimitsConfig check(Scope scope) {
        return new LimitsConfig(rates(scope));
    }

    private List<LimitsConfig.Rate> rates(Scope scope) {
        Scope holder = scope.nearest(LimitKeys.LIMIT_USE);
        if (holder == null) {
            return List.of();
        }
        if (holder == scope) {
            checkNames(scope);
        }
        List<LimitsConfig.Rate> rates = new ArrayList<>();
        for (Use use : holder.ownValues(LimitKeys.LIMIT_USE)) {
            LimitConfig limit = limits.get(use.name());
            if (limit != null) {
                rates.add(new LimitsConfig.Rate(use.name(),
                        use.burst() == null ? limit.burst() : use.burst(),
                        use.delayFrom() == null ? limit.delayFrom() : use.delayFrom()));
            }
        }
        return rates;
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

    List<LimitConfig> all() {
        return List.copyOf(limits.values());
    }
}
