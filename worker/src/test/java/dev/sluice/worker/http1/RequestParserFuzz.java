package dev.sluice.worker.http1;

/**
 * Fuzz target: any bytes as a request head.
 * How it is run is in {@code src/test/corpus/http1/README.md}; the corpus is run by every build.
 */
public final class RequestParserFuzz {

    private RequestParserFuzz() {}

    /** The entry Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzCuts.check(input, (bytes, cuts) -> Feed.request(bytes, cuts, Feed.limits()));
        FuzzCuts.check(input, (bytes, cuts) -> Feed.request(bytes, cuts, ParseLimits.defaults()));
    }
}
