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

/** A folder of inputs of a fuzz target; each is a test of its own, with mutations of it. */
public final class Corpus {

    private static final int MUTATIONS = 300;
    private static final int FILES_MIN = 8;

    private Corpus() {}

    /**
     * @param folder below {@code src/test/corpus}
     * @param splices what mutations put in
     */
    public static List<DynamicTest> tests(String folder, Consumer<byte[]> target, long seed,
            String... splices) throws IOException {
        try (Stream<Path> files = Files.list(folder(folder))) {
            List<DynamicTest> tests = files.sorted()
                    .map(f -> DynamicTest.dynamicTest(folder + "/" + f.getFileName(), () ->
                            run(Files.readAllBytes(f), target, new Random(seed), splices)))
                    .toList();
            assertTrue(tests.size() >= FILES_MIN, () -> "corpus of " + folder + " is missing");
            return tests;
        }
    }

    /** The tests run from the module's folder or from the top of the tree. */
    private static Path folder(String name) {
        Path here = Path.of("src/test/corpus", name);
        return Files.isDirectory(here) ? here : Path.of("worker").resolve(here);
    }

    private static void run(byte[] input, Consumer<byte[]> target, Random random,
            String[] splices) {
        target.accept(input);
        for (int i = 0; i < MUTATIONS; i++) {
            target.accept(mutate(input, random, splices));
        }
    }

    /** Puts a splice in, takes bytes out, or changes one; one to three times. */
    private static byte[] mutate(byte[] input, Random random, String[] splices) {
        StringBuilder s = new StringBuilder(
                new String(input, StandardCharsets.ISO_8859_1));
        for (int n = 1 + random.nextInt(3); n > 0 && !s.isEmpty(); n--) {
            int at = random.nextInt(s.length());
            switch (random.nextInt(3)) {
                case 0 -> s.insert(at, splices[random.nextInt(splices.length)]);
                case 1 -> s.delete(at, Math.min(s.length(), at + 1 + random.nextInt(4)));
                default -> s.setCharAt(at, (char) random.nextInt(256));
            }
        }
        return Feed.latin1(s.toString());
    }
}
