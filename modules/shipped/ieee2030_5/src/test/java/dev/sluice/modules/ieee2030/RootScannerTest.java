package dev.sluice.modules.ieee2030;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.modules.ieee2030.RootScanner.Result;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each document whole, cut at every index, and byte by byte. */
final class RootScannerTest {

    private static final String BOM = "\u00ef\u00bb\u00bf";
    private static final String LONGEST = "a".repeat(RootScanner.NAME_MAX);

    static Stream<Arguments> documents() {
        return Stream.of(
                Arguments.of("plain", "<EndDevice/>", "EndDevice"),
                Arguments.of("attributes", "<EndDevice xmlns=\"urn:ieee:std:2030.5:ns\">",
                        "EndDevice"),
                Arguments.of("end of line", "<MirrorUsagePoint\r\n x='1'>", "MirrorUsagePoint"),
                Arguments.of("tag alone", "<DERStatus>", "DERStatus"),
                Arguments.of("declaration",
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response ", "Response"),
                Arguments.of("instruction", "<?a ? > ?x ??><DERCapability/>", "DERCapability"),
                Arguments.of("comments", "<!-- <Fake> - -> --><!---->\n<DERSettings/>",
                        "DERSettings"),
                Arguments.of("prefix", "<sep:EndDevice xmlns:sep=\"urn\"/>", "EndDevice"),
                Arguments.of("BOM", BOM + "<EndDevice/>", "EndDevice"),
                Arguments.of("BOM and declaration", BOM + "<?xml version='1.0'?><LogEvent>",
                        "LogEvent"),
                Arguments.of("space first", " \t\r\n<LogEvent>", "LogEvent"),
                Arguments.of("all that a name may have", "<_a-b.C9>", "_a-b.C9"),
                Arguments.of("longest name", "<" + LONGEST + ">", LONGEST),
                Arguments.of("name too long", "<" + LONGEST + "a>", null),
                Arguments.of("nothing", "", null),
                Arguments.of("space alone", "  ", null),
                Arguments.of("cut in the name", "<EndDev", null),
                Arguments.of("cut in a comment", "<!-- <EndDevice/>", null),
                Arguments.of("dashes in a comment", "<!-- a -- b --><EndDevice/>", null),
                Arguments.of("three dashes", "<!-- a ---><EndDevice/>", null),
                Arguments.of("document type", "<!DOCTYPE a><EndDevice/>", null),
                Arguments.of("character data", "<![CDATA[a]]><EndDevice/>", null),
                Arguments.of("text first", "a<EndDevice/>", null),
                Arguments.of("end tag", "</EndDevice>", null),
                Arguments.of("no name", "<>", null),
                Arguments.of("space before the name", "< EndDevice/>", null),
                Arguments.of("digit first", "<9a/>", null),
                Arguments.of("two prefixes", "<a:b:c/>", null),
                Arguments.of("empty prefix", "<:a/>", null),
                Arguments.of("empty local name", "<a:/>", null),
                Arguments.of("digit behind the prefix", "<a:9/>", null),
                Arguments.of("name outside of ASCII", "<\u00c3\u00a4/>", null),
                Arguments.of("zero byte", "<End\u0000Device/>", null),
                Arguments.of("UTF-16, big end first", "\u00fe\u00ff\u0000<\u0000a\u0000/", null),
                Arguments.of("UTF-16, little end first", "\u00ff\u00fe<\u0000a\u0000/\u0000", null),
                Arguments.of("UTF-16 without a mark", "<\u0000a\u0000/\u0000>\u0000", null),
                Arguments.of("half a BOM", "\u00ef\u00bb<a/>", null),
                Arguments.of("EXI", "$EXI\u0080", null),
                Arguments.of("JSON", "{\"a\":1}", null),
                Arguments.of("prolog as long as it may be", " ".repeat(RootScanner.PROLOG_MAX - 3)
                        + "<a>", "a"),
                Arguments.of("prolog too long", " ".repeat(RootScanner.PROLOG_MAX - 2)
                        + "<a>", null));
    }

    private static String scan(String document, int... cuts) {
        ByteBuffer bytes = ByteBuffer.wrap(document.getBytes(StandardCharsets.ISO_8859_1));
        RootScanner scanner = new RootScanner();
        // Whatever an earlier document has left behind.
        scanner.scan(ByteBuffer.wrap(new byte[] {'<', 'x', ':', 'y'}), 0, 4);
        scanner.reset();
        int from = 0;
        for (int cut : cuts) {
            scanner.scan(bytes, from, cut);
            from = cut;
        }
        scanner.scan(bytes, from, bytes.capacity());
        return scanner.end() == Result.FOUND ? new String(scanner.name(), 0,
                scanner.nameLength(), StandardCharsets.US_ASCII) : null;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void rootOf(String what, String document, String root) {
        assertEquals(root, scan(document), "whole");
        int step = Math.max(1, document.length() / 200);
        for (int cut = 0; cut <= document.length(); cut += step) {
            assertEquals(root, scan(document, cut), "cut at " + cut);
        }
        int[] all = new int[document.length()];
        Arrays.setAll(all, i -> i);
        assertEquals(root, scan(document, all), "byte by byte");
    }

    @Test
    void aDecisionStays() {
        RootScanner scanner = new RootScanner();
        ByteBuffer found = ByteBuffer.wrap("<a><b>".getBytes(StandardCharsets.US_ASCII));
        assertEquals(Result.NEED_MORE, scanner.scan(found, 0, 2));
        assertEquals(Result.FOUND, scanner.scan(found, 2, 6));
        assertEquals(Result.FOUND, scanner.scan(found, 3, 6));
        assertEquals(1, scanner.nameLength());
        assertEquals(Result.FOUND, scanner.end());
    }

    @Test
    void neverFailsWhateverComes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String parts = "<>!-?/: a\u00ef\u00bb\u00bf[=\"\n\u0000";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder document = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--) {
                document.append(parts.charAt(random.nextInt(parts.length())));
            }
            int cut = random.nextInt(document.length() + 1);
            assertEquals(scan(document.toString()), scan(document.toString(), cut),
                    "seed " + seed + ", document " + i);
        }
    }
}
