package dev.sluice.worker.route;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.common.config.PathTemplate;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.variables.WorkerScope;
import java.util.ArrayList;
import java.util.List;

/**
 * The locations of one server. As in nginx: an exact path; else the longest prefix, if it is marked
 * {@code ^~}; else the first regular expression in the order of the file; else the longest prefix.
 * A template that matches is found where an exact path is, by the rules of {@link PathTrie}. A
 * pattern none of whose locations has its conditions fulfilled is passed over. An expression that
 * several locations have stands at its first place.
 *
 * <p>Written at boot, then read-only; expressions and conditions belong to the event loop.
 */
public final class LocationTable {

    /** One pattern with the locations that it has; the template is null where it is none. */
    record Pattern(Match match, String text, PathTemplate template, Variants variants) {}

    private final PathTrie trie;
    private final CapturingPattern[] expressions;
    /** Of the expression with the same index. */
    private final Variants[] variants;

    LocationTable(List<Pattern> all, WorkerScope scope) {
        trie = new PathTrie(new PathTrieBuilder(
                all.stream().filter(one -> !one.match.isRegex()).toList()));
        List<CapturingPattern> found = new ArrayList<>();
        List<Variants> locations = new ArrayList<>();
        for (Pattern one : all) {
            if (one.match.isRegex()) {
                found.add(new CapturingPattern(one.text, one.match == Match.REGEX_NOCASE,
                        scope.captureNames));
                locations.add(one.variants);
            }
        }
        expressions = found.toArray(CapturingPattern[]::new);
        variants = locations.toArray(Variants[]::new);
    }

    /** Bytes compared by lookups; see {@link PathTrie#comparisons}. */
    long comparisons() {
        return trie.comparisons();
    }

    /**
     * The location of the exchange's canonical path, null when none matches. The exchange gets the
     * captures of the expression, or the parameters of the template, that found it.
     */
    public Location find(Exchange x) {
        Location found = trie.find(x);
        if (found != null && trie.decided()) {
            return found;
        }
        for (int i = 0; i < expressions.length; i++) {
            if (expressions[i].find(x.pathBuffer, x.pathOffset, x.pathLength)) {
                Location picked = variants[i].pick(x);
                if (picked != null) {
                    expressions[i].capture(x);
                    return picked;
                }
            }
        }
        return found;
    }
}
