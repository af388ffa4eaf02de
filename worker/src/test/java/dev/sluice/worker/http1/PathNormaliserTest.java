package dev.sluice.worker.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.http.ParseError;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one path that is matched, served and sent (RFC 3986 §5.2.4, §6.2.2). */
class PathNormaliserTest {

    @ParameterizedTest
    @CsvSource({
        "/, /", "/a, /a", "/a/b/c.html, /a/b/c.html", "/a/, /a/", "/a//b, /a/b", "//a, /a",
        "///, /", "/a/./b, /a/b", "/a/../b, /b", "/a/b/../../c, /c", "/a/., /a/", "/a/.., /",
        "/a/b/.., /a/", "/./a, /a", "/./, /", "/., /", "/a//../b, /b", "/a/.//b, /a/b",
        "/.../a, /.../a", "/.a, /.a", "/..a, /..a", "/a../b, /a../b", "/a./b, /a./b",
        "/%61, /a", "/%7Ea, /~a", "/a%2fb, /a%2Fb", "/a%2Fb, /a%2Fb", "/100%25, /100%25",
        "/%252e%252e/a, /%252e%252e/a", "/%252F, /%252F", "/a/%2e%2e/b, /b", "/a/%2E/b, /a/b",
        "/a/.%2e/b, /b", "/a%20b, '/a b'", "/a%3Fb%23c, /a?b#c", "/a;b=c/d, /a;b=c/d",
        "/%C3%A9, /\u00c3\u00a9", "/\u00e9, /\u00e9", "/a\\b, /a\\b", "/a%5Cb, /a\\b",
        "/a/..b/c, /a/..b/c", "/long-enough-for-words/a//x, /long-enough-for-words/a/x",
        "/eight777/..more/and/./x, /eight777/..more/and/x", "/;a, /;a", "/a..;b, /a..;b",
        "/a%2F%2Fb, /a%2F%2Fb", "/%E9%E0, /\u00e9\u00e0", "'', /",
    })
    void makesCanonical(String path, String canonical) {
        assertEquals(canonical, PathFeed.normalise(path, true));
    }

    @ParameterizedTest
    @CsvSource({
        "/a//b, /a//b", "//, //", "//a/.., //", "/a//.., /a/", "//.., /", "/a/.//b, /a//b",
        "/a/..//b, //b", "/a///b/../c, /a///c",
    })
    void keepsEmptySegmentsWhenNotMerging(String path, String canonical) {
        assertEquals(canonical, PathFeed.normalise(path, false));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/..", "/../a", "/a/../../b", "/a/../..", "/%2e%2e/a", "/./..", "//..", "/a//../../b"
    })
    void neverClimbs(String path) {
        assertEquals(ParseError.PATH_ABOVE_ROOT.name(), PathFeed.normalise(path, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/%2", "/a%zz", "/%g0", "/%0g", "/%%41", "/a%2/b", "/%u002e"})
    void refusesBadEscapes(String path) {
        assertEquals(ParseError.BAD_ESCAPE.name(), PathFeed.normalise(path, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/%00", "/a%0d%0ab", "/%1f", "/%7f", "/a\u0001", "/abcdefghi\u007f", "/a.html%00.txt"
    })
    void refusesControls(String path) {
        assertEquals(ParseError.CONTROL_IN_PATH.name(), PathFeed.normalise(path, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/..;/a", "/.;/a", "/a/..;x=y/b", "/..;", "/a\\..\\b", "/..\\a", "/a\\..", "/.\\a",
        "/..%2fa", "/a%2f..", "/a%2F.%2Fb", "/a%2f..%5cb", "/%2e%2e;/a", "/..%5ca", "/a%5c%2e%2e",
        "/a;x\\..", "/a%2f..;b", "/%c0%af", "/a%c0%ae%c0%ae/b", "/%c1%9c", "/%e0%80%af",
        "/%f0%80%80%af", "/\u00c0\u00ae/b", "/%2e%2e%2fetc", "/..%2F", "/x/..;a;b",
    })
    void refusesWhatCanBeReadTwoWays(String path) {
        assertEquals(ParseError.AMBIGUOUS_PATH.name(), PathFeed.normalise(path, true));
        assertEquals(ParseError.AMBIGUOUS_PATH.name(), PathFeed.normalise(path, false));
    }

    @Test
    void refusesAPathWithoutSlashAndOneThatDoesNotFit() {
        assertEquals(ParseError.BAD_TARGET.name(), PathFeed.normalise("a", true));
        ByteBuffer in = Feed.bait(32);
        in.put(0, Feed.latin1("/a/./bcdefgh"));
        PathNormaliser normaliser = new PathNormaliser();
        ByteSink small = new ByteSink().reset(Feed.bait(8), 0, 8);
        assertFalse(normaliser.normalise(in, 0, 12, true, small));
        assertEquals(ParseError.PATH_TOO_LONG, normaliser.error());
    }

    @ParameterizedTest
    @CsvSource({
        "/a/b, /a/b", "'/a b', /a%20b", "/a?b#c, /a%3Fb%23c", "/a%2Fb%25, /a%2Fb%25",
        "/\u00e9, /%E9", "/a\\b, /a%5Cb", "/a%zz, /a%25zz", "/%, /%25", "/a\"<>^`{|}[], "
                + "/a%22%3C%3E%5E%60%7B%7C%7D%5B%5D", "/-._~!$&'()*+;=:@, /-._~!$&'()*+;=:@",
    })
    void encodesForTheWire(String canonical, String wire) {
        assertEquals(wire.replace("''", "'"), PathFeed.encode(canonical.replace("''", "'")));
    }

    @Test
    void canonicalFormIsStableAndHarmless() {
        long seed = new Random().nextLong();
        System.out.println("PathNormaliserTest seed " + seed);
        Random random = new Random(seed);
        String[] parts = {
            "/", "/", "/", ".", "..", "a", "bc", "%2e", "%2F", "%2f", "%25", "%5c", "\\", ";", "%",
            "%41", "%20", "\u00e9", "%c3", "%a9", "%c0", "%af", "long-segment", "?", "%3f", "%00",
        };
        int accepted = 0;
        for (int round = 0; round < 100_000; round++) {
            StringBuilder path = new StringBuilder("/");
            for (int n = random.nextInt(10); n > 0; n--) {
                path.append(parts[random.nextInt(parts.length - (round % 4 == 0 ? 0 : 1))]);
            }
            boolean merge = random.nextBoolean();
            String canonical = PathFeed.normalise(path.toString(), merge);
            if (canonical.startsWith("/")) {
                accepted++;
                PathInvariant.check(path.toString(), canonical, merge);
            }
        }
        assertTrue(accepted > 10_000, () -> "too few paths accepted");
    }
}
