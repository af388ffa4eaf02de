package dev.sluice.worker.route;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.worker.exchange.Location;
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
    private final BytePattern[] patterns;
    private final Location[] patternLocations;
    /** Index of the expression that matched last, -1 when none did. */
    private int matchedPattern = -1;

    public LocationTable(List<Entry> all) {
        entries = all.toArray(Entry[]::new);
        trie = new PathTrie(all);
        List<BytePattern> found = new ArrayList<>();
        List<Location> locations = new ArrayList<>();
        for (Entry entry : all) {
            if (isRegex(entry.match())) {
                found.add(new BytePattern(entry.pattern(), entry.match() == Match.REGEX_NOCASE));
                locations.add(entry.location());
            }
        }
        patterns = found.toArray(BytePattern[]::new);
        patternLocations = locations.toArray(Location[]::new);
    }

    static boolean isRegex(Match match) {
        return match == Match.REGEX || match == Match.REGEX_NOCASE;
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

    /** Groups of the expression that found the last location; null when none did. */
    public String[] captures() {
        return matchedPattern < 0 ? null : patterns[matchedPattern].captures();
    }
}
