package dev.sluice.worker.http2;

import dev.sluice.worker.http1.Corpus;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs every file of the fuzz corpus, and mutations of it, through its target. */
class FuzzCorpusTest {

    private static final String[] BLOCK_SPLICES = {
        "\u0082", "\u0086", "\u0084", "\u00be", "\u0020", "\u003f\u00e1\u001f", "\u007f\u00ff",
        "\u0000\u0001a\u0001b", "\u0040\u0001a\u0001b", "\u0010\u0001a\u0001b", "\r\n", "\n",
        "\u0000", " ", ":", "\u0000\u0004host\u0001a", "\u0000\u0002te\u0008trailers",
        "\u000f\r\u00011",
    };
    private static final String[] FRAME_SPLICES = {
        "\u0000\u0000\u0000", "\u0000\u0000\u0008", "\u0000\u0040\u0000", "\u00ff\u00ff\u00ff",
        "\u0000\u0000\u0000\u0001", "\u0080\u0000\u0000\u0000", "\u0008", "\u0028", "\u0009",
    };

    @TestFactory
    Stream<DynamicTest> corpus() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("FuzzCorpusTest of HTTP/2 seed " + seed);
        return Stream.of(
                        Corpus.tests("http2/block", HeaderBlockFuzz::fuzzerTestOneInput, seed,
                                BLOCK_SPLICES),
                        Corpus.tests("http2/frames", FrameFuzz::fuzzerTestOneInput, seed,
                                FRAME_SPLICES))
                .flatMap(List::stream);
    }
}
