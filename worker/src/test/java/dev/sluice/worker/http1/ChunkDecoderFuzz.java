package dev.sluice.worker.http1;

/**
 * Fuzz target: any bytes as a chunked body, against a naive decoder.
 * How it is run is in {@code src/test/corpus/http1/README.md}; the corpus is run by every build.
 */
public final class ChunkDecoderFuzz {

    private ChunkDecoderFuzz() {}

    /** The entry Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzCuts.check(input, (bytes, cuts) -> Feed.chunks(bytes, cuts, Feed.limits()));
        ParseLimits limits = ParseLimits.defaults();
        String got = FuzzCuts.check(input, (bytes, cuts) -> Feed.chunks(bytes, cuts, limits));
        if (got.startsWith("DONE ")) {
            String body = NaiveChunks.decode(input);
            if (!got.startsWith("DONE '" + body + "'")) {
                throw new IllegalStateException(got + " instead of " + body);
            }
        }
    }
}
