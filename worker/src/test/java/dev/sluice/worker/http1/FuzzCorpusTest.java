package dev.sluice.worker.http1;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs every file of the fuzz corpus, and mutations of it, through its target. */
class FuzzCorpusTest {

    private static final String[] SPLICES = {
        "\r\n", "\r", "\n", "\u0000", ":", " ", "\t", ";", "0", "/", "..", "%2e", "%", "\u007f",
        "chunked", "Transfer-Encoding: chunked\r\n", "Content-Length: 1\r\n", "é", "_",
    };

    @TestFactory
    Stream<DynamicTest> corpus() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("FuzzCorpusTest seed " + seed);
        return Stream.of(
                        Corpus.tests("http1/request", RequestParserFuzz::fuzzerTestOneInput, seed,
                                SPLICES),
                        Corpus.tests("http1/response", ResponseParserFuzz::fuzzerTestOneInput,
                                seed, SPLICES),
                        Corpus.tests("http1/chunk", ChunkDecoderFuzz::fuzzerTestOneInput, seed,
                                SPLICES),
                        Corpus.tests("http1/path", PathNormaliserFuzz::fuzzerTestOneInput, seed,
                                SPLICES))
                .flatMap(List::stream);
    }
}
