package dev.sluice.worker.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.common.config.LocationConfig.Match;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.exchange.Location;
import dev.sluice.worker.route.LocationTable.Entry;
import dev.sluice.worker.variables.CaptureNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LocationTableTest {

    private static final Match[] MATCHES = Match.values();

    static Entry entry(Match match, String pattern) {
        return new Entry(match, pattern, new Location(null, match.modifier() + " " + pattern, null,
                null, Location.NO_REWRITES, null, Gate.NONE));
    }

    private static LocationTable table(List<Entry> entries) {
        return new LocationTable(entries, new CaptureNames());
    }

    static ByteBuffer bytes(String path) {
        byte[] utf8 = path.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(utf8.length + 3).order(ByteOrder.LITTLE_ENDIAN)
                .put(3, utf8);
    }

    private static Location find(LocationTable table, String path) {
        ByteBuffer b = bytes(path);
        return table.find(b, 3, b.capacity() - 3);
    }

    private static String label(LocationTable table, String path) {
        Location found = find(table, path);
        return found == null ? "none" : found.label.strip();
    }

    @Test
    void followsNginxsOrder() {
        LocationTable table = table(List.of(
                entry(Match.REGEX, "\\.php$"),
                entry(Match.PREFIX, "/"),
                entry(Match.EXACT, "/"),
                entry(Match.PREFIX, "/docs/"),
                entry(Match.PREFIX_STRONG, "/images/"),
                entry(Match.PREFIX, "/images/raw/"),
                entry(Match.REGEX_NOCASE, "\\.(gif|jpe?g)$"),
                entry(Match.REGEX, "^/docs/.*\\.gif$")));
        assertEquals("= /", label(table, "/"));
        assertEquals("/", label(table, "/index.html"));
        assertEquals("/docs/", label(table, "/docs/document.html"));
        assertEquals("^~ /images/", label(table, "/images/1.gif"));
        assertEquals("~* \\.(gif|jpe?g)$", label(table, "/docs/1.GIF"));
        // The longest prefix is not marked, so the expressions are tried.
        assertEquals("~* \\.(gif|jpe?g)$", label(table, "/images/raw/1.jpg"));
        assertEquals("/images/raw/", label(table, "/images/raw/1.png"));
        assertEquals("~ \\.php$", label(table, "/docs/x.php"));
    }

    @Test
    void nothingMatchesInAnEmptyTable() {
        assertNull(find(table(List.of()), "/"));
    }

    @Test
    void seesBytesAsNginxDoes() {
        LocationTable table = table(List.of(
                entry(Match.PREFIX, "/stra\u00dfe/"), entry(Match.REGEX, "^/caf\u00e9$")));
        assertEquals("/stra\u00dfe/", label(table, "/stra\u00dfe/1"));
        assertEquals("~ ^/caf\u00e9$", label(table, "/caf\u00e9"));
        assertEquals("none", label(table, "/cafe"));
    }

    @Test
    void equalsANaiveMatcherOnRandomTables() {
        long seed = new Random().nextLong();
        System.out.println("LocationTableTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<Entry> entries = randomEntries(random, 1 + random.nextInt(60));
            LocationTable table = table(entries);
            for (int i = 0; i < 200; i++) {
                String path = randomPath(random);
                assertSame(naive(entries, path), find(table, path),
                        () -> "seed " + seed + ", path " + path);
            }
        }
    }

    /** Few letters, so that paths share prefixes and often match. */
    private static String randomPath(Random random) {
        StringBuilder path = new StringBuilder("/");
        for (int i = random.nextInt(8); i > 0; i--) {
            path.append("ab/.\u00e9".charAt(random.nextInt(5)));
        }
        return path.toString();
    }

    private static List<Entry> randomEntries(Random random, int count) {
        List<Entry> entries = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < count; i++) {
            Match match = MATCHES[random.nextInt(MATCHES.length)];
            String pattern = randomPath(random);
            if (match.isRegex()) {
                pattern = (random.nextBoolean() ? "^" : "") + pattern.replace(".", "\\.")
                        + (random.nextBoolean() ? "$" : random.nextBoolean() ? "b*" : "");
            }
            // The same prefix twice is an error of the configuration.
            String key = (match == Match.EXACT ? "=" : "") + pattern;
            if (taken.add(key)) {
                entries.add(entry(match, pattern));
            }
        }
        return entries;
    }

    private static Location naive(List<Entry> entries, String path) {
        Entry longest = null;
        for (Entry e : entries) {
            if (e.match() == Match.EXACT && e.pattern().equals(path)) {
                return e.location();
            }
            boolean prefix = e.match() == Match.PREFIX || e.match() == Match.PREFIX_STRONG;
            if (prefix && path.startsWith(e.pattern())
                    && (longest == null || e.pattern().length() > longest.pattern().length())) {
                longest = e;
            }
        }
        if (longest != null && longest.match() == Match.PREFIX_STRONG) {
            return longest.location();
        }
        for (Entry e : entries) {
            int flags = e.match() == Match.REGEX_NOCASE ? Pattern.CASE_INSENSITIVE : 0;
            if (e.match().isRegex()
                    && Pattern.compile(e.pattern(), flags).matcher(path).find()) {
                return e.location();
            }
        }
        return longest == null ? null : longest.location();
    }
}
