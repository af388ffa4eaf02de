package dev.sluice.worker.route;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.PathTemplate;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.route.LocationTable.Pattern;
import dev.sluice.worker.route.Variants.Variant;
import dev.sluice.worker.variables.WorkerScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Collects the locations of one server by their patterns. Used at boot. */
final class LocationPatterns {

    /** Locations of one pattern, in the order of the file. */
    private record Group(
            Match match, String text, PathTemplate template, List<Variant> variants) {}

    /** What no location serves, though one without methods takes what comes to it. */
    private static final int NEVER_ALLOWED =
            1 << Method.OTHER | 1 << Method.CONNECT | 1 << Method.TRACE;

    private final Map<String, Group> groups = new LinkedHashMap<>();

    /**
     * Adds one location.
     *
     * @param templateOrNull the pattern taken apart, where it is a template
     * @param methods as of {@link Variants#bits}
     */
    void add(Match match, String text, PathTemplate templateOrNull, Location location,
            Condition[] conditions, int methods) {
        // The names of parameters may differ within one group: each variant brings its own.
        String shape = templateOrNull == null ? text : templateOrNull.shape();
        String key = match.modifier().isEmpty() ? shape : match.modifier().concat(shape);
        Group group = groups.get(key);
        if (group == null) {
            group = new Group(match, text, templateOrNull, new ArrayList<>(1));
            groups.put(key, group);
        }
        group.variants.add(new Variant(location, conditions, methods));
    }

    /** @param refusals makes what answers methods beside these: bits, for the first location */
    LocationTable table(BiFunction<Location, Integer, Location> refusals, WorkerScope scope) {
        List<Pattern> patterns = new ArrayList<>();
        for (Group group : groups.values()) {
            int methods = 0;
            boolean allTakeAll = true;
            for (Variant variant : group.variants) {
                methods |= variant.methods();
                allTakeAll &= variant.methods() == Variants.ALL_METHODS;
            }
            Location refusal = allTakeAll ? null : refusals.apply(
                    group.variants.getFirst().location(), methods & ~NEVER_ALLOWED);
            patterns.add(new Pattern(group.match, group.text, group.template,
                    new Variants(group.variants, refusal)));
        }
        return new LocationTable(patterns, scope);
    }
}
