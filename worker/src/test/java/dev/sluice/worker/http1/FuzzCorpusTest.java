package dev.sluice.worker.http1;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs every file of the fuzz corpus, and mutations of it, through its target. */
class FuzzCorpusTest {

    private static final int MUTATIONS = 300;
    private static final String[] SPLICES = {
        "\r\n", "\r", "\n", "\u0000", ":", " ", "\t", ";", "0", "/", "..", "%2e", "%", "\u007f",
        "chunked", "Transfer-Encoding: chunked\r\n", "Content-Length: 1\r\n", "é", "_",
    };

    @TestFactory
    Stream<DynamicTest> corpus() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("FuzzCorpusTest seed " + seed);
        return Stream.of(
                        files("request", RequestParserFuzz::fuzzerTestOneInput, seed),
                        files("response", ResponseParserFuzz::fuzzerTestOneInput, seed),
                        files("chunk", ChunkDecoderFuzz::fuzzerTestOneInput, seed),
                        files("path", PathNormaliserFuzz::fuzzerTestOneInput, seed))
                .flatMap(List::stream);
    }

    /** The tests run from the module's folder or from the top of the tree. */
    private static Path folder(String kind) {
        Path here = Path.of("src/test/corpus/http1", kind);
        return Files.isDirectory(here) ? here : Path.of("worker").resolve(here);
    }

    private static List<DynamicTest> files(String kind, Consumer<byte[]> target, long seed)
            throws IOException {
        try (Stream<Path> files = Files.list(folder(kind))) {
            List<DynamicTest> tests = files.sorted()
                    .map(f -> DynamicTest.dynamicTest(kind + "/" + f.getFileName(),
                            () -> run(Files.readAllBytes(f), target, new Random(seed))))
                    .toList();
            assertTrue(tests.size() >= 8, () -> "corpus of " + kind + " is missing");
            return tests;
        }
    }

    private static void run(byte[] input, Consumer<byte[]> target, Random random) {
        target.accept(input);
        for (int i = 0; i < MUTATIONS; i++) {
            target.accept(mutate(input, random));
        }
    }

    /** Puts a splice in, takes bytes out, or changes one; one to three times. */
    private static byte[] mutate(byte[] input, Random random) {
        StringBuilder s = new StringBuilder(
                new String(input, StandardCharsets.ISO_8859_1));
        for (int n = 1 + random.nextInt(3); n > 0 && !s.isEmpty(); n--) {
            int at = random.nextInt(s.length());
            switch (random.nextInt(3)) {
                case 0 -> s.insert(at, SPLICES[random.nextInt(SPLICES.length)]);
                case 1 -> s.delete(at, Math.min(s.length(), at + 1 + random.nextInt(4)));
                default -> s.setCharAt(at, (char) random.nextInt(256));
            }
        }
        return Feed.latin1(s.toString());
    }
}
