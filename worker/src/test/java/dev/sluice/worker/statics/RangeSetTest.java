package dev.sluice.worker.statics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.worker.statics.RangeSet.Result;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Range field: a table, and random ones against a slow and obvious parser. */
final class RangeSetTest {

    private static final Pattern SET = Pattern.compile("(?i)bytes=(.*)", Pattern.DOTALL);
    private static final Pattern SPEC = Pattern.compile("(\\d*)-(\\d*)");

    private final RangeSet set = new RangeSet();

    private String parse(String value, long size, int rangesMax) {
        byte[] bytes = ("xx" + value + "9").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer b = ByteBuffer.wrap(bytes);
        return describe(set.parse(b, 2, value.length(), size, rangesMax));
    }

    private String describe(Result result) {
        if (result != Result.PARTIAL) {
            return result.toString();
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < set.count(); i++) {
            all.add(set.from(i) + "-" + set.to(i));
        }
        return String.join(" ", all);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "bytes=0-0                                    | 0-1",
        "bytes=0-99                                   | 0-100",
        "bytes=0-100                                  | 0-100",
        "bytes=50-                                    | 50-100",
        "bytes=-10                                    | 90-100",
        "bytes=-1000                                  | 0-100",
        "BYTES=1-2                                    | 1-3",
        "bytes=1-2,5-6                                | 1-3 5-7",
        "bytes=5-6, 1-2                               | 5-7 1-3",
        "'bytes= ,1-2 , ,\t5-6 , '                    | 1-3 5-7",
        "bytes=1-2,200-300                            | 1-3",
        "bytes=99-99999999999999999999999999          | 99-100",
        "bytes=99999999999999999999999999-            | UNSATISFIABLE",
        "bytes=100-                                   | UNSATISFIABLE",
        "bytes=-0                                     | UNSATISFIABLE",
        "bytes=200-300,400-500                        | UNSATISFIABLE",
        "bytes=9223372036854775807-9223372036854775807| UNSATISFIABLE",
        "bytes=-9223372036854775808                   | 0-100",
        "bytes=1-5,3-8                                | WHOLE",
        "bytes=0-,-1                                  | WHOLE",
        "bytes=0-0,0-0                                | WHOLE",
        "bytes=1-2,4-5,7-8,10-11,13-14                | WHOLE",
        "bytes=200-,200-,200-,200-,200-               | WHOLE",
        "bytes=2-1                                    | WHOLE",
        "bytes=                                       | WHOLE",
        "bytes=,                                      | WHOLE",
        "bytes=-                                      | WHOLE",
        "bytes=1                                      | WHOLE",
        "bytes=1-2-3                                  | WHOLE",
        "bytes=1 -2                                   | WHOLE",
        "bytes=1- 2                                   | WHOLE",
        "bytes=1-2 3-4                                | WHOLE",
        "bytes=a-b                                    | WHOLE",
        "bytes=+1-2                                   | WHOLE",
        "bytes=--1                                    | WHOLE",
        "bytes =1-2                                   | WHOLE",
        "byte=1-2                                     | WHOLE",
        "items=1-2                                    | WHOLE",
        "bytes                                        | WHOLE",
        "''                                           | WHOLE",
    })
    void readsTheSetsOfTheTable(String value, String expected) {
        assertEquals(expected, parse(value, 100, 4));
    }

    @Test
    void nothingCanBeHadOfAnEmptyFile() {
        assertEquals("UNSATISFIABLE", parse("bytes=0-", 0, 4));
        assertEquals("UNSATISFIABLE", parse("bytes=-0", 0, 4));
        assertEquals("WHOLE", parse("bytes=-5", 0, 4));
    }

    @Test
    void aHundredThousandRangesAreNotHonoured() {
        StringBuilder value = new StringBuilder("bytes=0-0");
        for (int i = 1; i < 100_000; i++) {
            value.append(',').append(i * 2).append('-').append(i * 2);
        }
        assertEquals("WHOLE", parse(value.toString(), 1_000_000, 1_000_000));
    }

    @Test
    void readsWhatASlowParserReads() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] pieces = {"0", "1", "5", "9", "12", "40", "99", "100", "-", "-", ",", ",", " ",
            "18446744073709551616", "9223372036854775807", "x"};
        for (int i = 0; i < 200_000; i++) {
            StringBuilder value = new StringBuilder("bytes=");
            int length = random.nextInt(14);
            for (int j = 0; j < length; j++) {
                value.append(pieces[random.nextInt(pieces.length)]);
            }
            long size = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(120);
            int rangesMax = 1 + random.nextInt(4);
            assertEquals(reference(value.toString(), size, rangesMax),
                    parse(value.toString(), size, rangesMax),
                    () -> value + " of " + size + " at most " + rangesMax + ", seed " + seed);
        }
        assertTrue(set.count() >= 0);
    }

    /** As RFC 9110 §14.1.2 is written, with numbers of any size and lists. */
    private static String reference(String value, long sizeBytes, int rangesMax) {
        Matcher whole = SET.matcher(value);
        if (!whole.matches()) {
            return "WHOLE";
        }
        BigInteger size = BigInteger.valueOf(sizeBytes);
        BigInteger last = size.subtract(BigInteger.ONE);
        List<BigInteger[]> ranges = new ArrayList<>();
        int seen = 0;
        boolean emptySuffix = false;
        for (String piece : whole.group(1).split(",", -1)) {
            String spec = piece.strip();
            if (spec.isEmpty()) {
                continue;
            }
            Matcher bounds = SPEC.matcher(spec);
            if (!bounds.matches() || spec.equals("-")) {
                return "WHOLE";
            }
            seen++;
            BigInteger from;
            BigInteger to = last;
            if (bounds.group(1).isEmpty()) {
                BigInteger suffix = new BigInteger(bounds.group(2));
                emptySuffix |= suffix.signum() > 0 && sizeBytes == 0;
                from = size.subtract(suffix.min(size));
            } else {
                from = new BigInteger(bounds.group(1));
                if (!bounds.group(2).isEmpty()) {
                    to = new BigInteger(bounds.group(2));
                    if (clamp(to).compareTo(clamp(from)) < 0) {
                        return "WHOLE";
                    }
                    to = to.min(last);
                }
            }
            if (from.compareTo(to) <= 0) {
                ranges.add(new BigInteger[] {from, to});
            }
        }
        if (seen == 0 || seen > rangesMax || emptySuffix || overlap(ranges)) {
            return "WHOLE";
        }
        List<String> all = new ArrayList<>();
        ranges.forEach(r -> all.add(r[0] + "-" + r[1].add(BigInteger.ONE)));
        return all.isEmpty() ? "UNSATISFIABLE" : String.join(" ", all);
    }

    /** Bounds beyond every file are all alike. */
    private static BigInteger clamp(BigInteger n) {
        return n.min(BigInteger.valueOf(Long.MAX_VALUE));
    }

    private static boolean overlap(List<BigInteger[]> ranges) {
        for (BigInteger[] a : ranges) {
            for (BigInteger[] b : ranges) {
                if (a != b && a[0].compareTo(b[1]) <= 0 && b[0].compareTo(a[1]) <= 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
