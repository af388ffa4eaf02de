package dev.sluice.worker.route;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.variables.CaptureNames;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The locations of one server, found as nginx finds them: an exact one; else the longest prefix,
 * if it is marked {@code ^~}; else the first regular expression in the order of the file; else the
 * longest prefix.
 *
 * <p>Written at boot, then read-only; the regular expressions belong to the event loop.
 */
public final class LocationTable {

    /** One location and how it is matched. */
    public record Entry(Match match, String pattern, Location location) {}

    private final PathTrie trie;
    /** By the numbers that the trie gives. */
    private final Entry[] entries;
    private final CapturingPattern[] patterns;
    private final Location[] patternLocations;
    /** Index of the expression that matched last, -1 when none did. */
    private int matchedPattern = -1;

    public LocationTable(List<Entry> all, CaptureNames captureNames) {
        entries = all.toArray(Entry[]::new);
        trie = new PathTrie(all);
        List<CapturingPattern> found = new ArrayList<>();
        List<Location> locations = new ArrayList<>();
        for (Entry entry : all) {
            if (entry.match().isRegex()) {
                found.add(new CapturingPattern(entry.pattern(),
                        entry.match() == Match.REGEX_NOCASE, captureNames));
                locations.add(entry.location());
            }
        }
        patterns = found.toArray(CapturingPattern[]::new);
        patternLocations = locations.toArray(Location[]::new);
    }

    /** The location of a canonical path; null when none matches. */
    public Location find(ByteBuffer path, int offset, int length) {
        matchedPattern = -1;
        int found = trie.find(path, offset, offset + length);
        if (found >= 0) {
            Entry entry = entries[found];
            if (entry.match() != Match.PREFIX) {
                return entry.location();
            }
        }
        for (int i = 0; i < patterns.length; i++) {
            if (patterns[i].find(path, offset, length)) {
                matchedPattern = i;
                return patternLocations[i];
            }
        }
        return found >= 0 ? entries[found].location() : null;
    }

    /** Gives the exchange the groups of the expression that found the last location, if one did. */
    void capture(Exchange x) {
        if (matchedPattern >= 0) {
            patterns[matchedPattern].capture(x);
        }
    }
}
