package dev.sluice.worker.cache.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.cache.rules.Reuse.Decision;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may have a stored answer, by the sections of RFC 9111. */
final class Rfc9111ReuseTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        //age| lifetime | swr | must  | request            | decision
        "  10 | 60 |  0 | false | foo                | FRESH",
        "  60 | 60 |  0 | false | foo                | VALIDATE",
        "  10 | 60 |  0 | false | no-cache           | VALIDATE",
        "  10 | 60 |  0 | false | max-age=9          | VALIDATE",
        "  10 | 60 |  0 | false | max-age=10         | FRESH",
        "  10 | 60 |  0 | false | min-fresh=51       | VALIDATE",
        "  10 | 60 |  0 | false | min-fresh=50       | FRESH",
        "  70 | 60 |  0 | false | max-stale          | STALE_ALLOWED",
        "  70 | 60 |  0 | false | max-stale=10       | STALE_ALLOWED",
        "  71 | 60 |  0 | false | max-stale=10       | VALIDATE",
        "  70 | 60 |  0 | true  | max-stale          | VALIDATE",
        "  70 | 60 | 20 | false | foo                | STALE_WHILE_REVALIDATE",
        "  80 | 60 | 20 | false | foo                | VALIDATE",
        "  70 | 60 | 20 | true  | foo                | VALIDATE",
        "  10 | 60 |  0 | false | x=\"no-cache\"     | FRESH",
    })
    void section4(long age, long lifetime, long swr, boolean must, String request,
            Decision decision) {
        assertEquals(decision, Reuse.decide(age, lifetime, swr, must, Heads.directives(request)));
    }

    private static String vary(String names, String... request) {
        HeaderTable answer = Heads.of("Vary: " + names);
        ByteBuffer memory = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        ByteSink sink = new ByteSink().reset(memory, 0, 1000);
        VaryKey.names(answer, sink);
        int end = sink.position();
        VaryKey.values(memory, 0, end, Heads.of(request), sink);
        byte[] text = new byte[sink.position() - end];
        memory.get(end, text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    @Test
    void section4Point1SameInOtherWords() {
        assertEquals(vary("Foo", "Foo: a, b"), vary("Foo", "foo:   a ,b"));
        assertEquals(vary("Foo", "Foo: a, b"), vary("FOO", "Foo: a", "Foo: b"));
        assertEquals(vary("Accept-Encoding", "Accept-Encoding: gzip, br"),
                vary("Accept-Encoding", "Accept-Encoding: br;q=0.5,gzip;q=1, x"));
        assertEquals(vary("Accept-Language", "Accept-Language: EN, de"),
                vary("Accept-Language", "Accept-Language: en,de"));
    }

    @Test
    void section4Point1OtherValuesAreOthers() {
        assertNotEquals(vary("Foo", "Foo: a"), vary("Foo", "Foo: b"));
        assertNotEquals(vary("Foo", "Foo: a"), vary("Foo", "Bar: a"));
        assertNotEquals(vary("Foo, Bar", "Foo: a"), vary("Foo, Bar", "Bar: a"));
        assertNotEquals(vary("Foo", "Foo: a"), vary("Foo", "Foo: A"));
        assertNotEquals(vary("Accept-Encoding", "Accept-Encoding: gzip"),
                vary("Accept-Encoding", "Accept-Encoding: gzip;q=0.00"));
        assertNotEquals(vary("Accept-Encoding", "Accept-Encoding: *"),
                vary("Accept-Encoding", "Accept-Encoding: gzip"));
    }

    @Test
    void section3Point2MergeKeepsWhatDescribesTheBody() {
        String stored = "ETag: \"a\"\r\nX-A: 1\r\nContent-Encoding: gzip\r\nX-A: 2\r\nB: 3\r\n";
        ByteBuffer lines = ByteBuffer.wrap(stored.getBytes(StandardCharsets.US_ASCII));
        ByteBuffer memory = ByteBuffer.allocate(256);
        ByteSink sink = new ByteSink().reset(memory, 0, 256);
        HeadMerge.copyKept(lines, 0, stored.length(),
                Heads.of("x-a: 9", "Content-Encoding: br", "C: 1"), sink);
        assertEquals("ETag: \"a\"\r\nContent-Encoding: gzip\r\nB: 3\r\n",
                new String(memory.array(), 0, sink.position(), StandardCharsets.US_ASCII));
    }

    /** Written down as the sections say it, without a thought for anything else. */
    private static Decision model(long age, long lifetime, long swr, boolean must, long maxAge,
            long minFresh, long maxStale, boolean noCache) {
        boolean fresh = lifetime > age;
        boolean wanted = !noCache && (minFresh < 0 || lifetime >= age + minFresh);
        if (maxAge >= 0 && age > maxAge && maxStale < 0) {
            wanted = false;
        }
        if (!wanted) {
            return Decision.VALIDATE;
        }
        if (fresh) {
            return Decision.FRESH;
        }
        if (must) {
            return Decision.VALIDATE;
        }
        if (maxStale >= 0 && age - lifetime <= maxStale) {
            return Decision.STALE_ALLOWED;
        }
        return age < lifetime + swr ? Decision.STALE_WHILE_REVALIDATE : Decision.VALIDATE;
    }

    @Test
    void decisionsAreThoseOfTheModel() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long age = random.nextInt(20);
            long lifetime = random.nextInt(20);
            long swr = random.nextInt(10);
            boolean must = random.nextInt(4) == 0;
            int maxAge = random.nextInt(25) - 5;
            int minFresh = random.nextInt(25) - 15;
            int maxStale = random.nextInt(25) - 15;
            boolean noCache = random.nextInt(8) == 0;
            StringBuilder said = new StringBuilder("foo=\"x, no-cache\"");
            said.append(maxAge < 0 ? "" : ", max-age=" + maxAge);
            said.append(minFresh < 0 ? "" : ",min-fresh=\"" + minFresh + "\"");
            said.append(maxStale < 0 ? "" : " ,MAX-STALE=" + maxStale);
            said.append(noCache ? ", No-Cache" : "");
            assertEquals(model(age, lifetime, swr, must, maxAge < 0 ? -1 : maxAge,
                            minFresh < 0 ? -1 : minFresh, maxStale < 0 ? -1 : maxStale, noCache),
                    Reuse.decide(age, lifetime, swr, must, Heads.directives(said.toString())),
                    "seed " + seed + ": " + said + " age " + age + " of " + lifetime);
        }
    }
}
