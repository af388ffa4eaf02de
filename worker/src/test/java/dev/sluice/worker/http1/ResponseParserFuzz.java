package dev.sluice.worker.http1;

import dev.sluice.worker.http.Method;

/**
 * Fuzz target: any bytes as a response head, to GET and to HEAD.
 * How it is run is in {@code src/test/corpus/http1/README.md}; the corpus is run by every build.
 */
public final class ResponseParserFuzz {

    private ResponseParserFuzz() {}

    /** The entry Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        ParseLimits limits = ParseLimits.defaults();
        FuzzCuts.check(input, (bytes, cuts) ->
                Feed.response(bytes, Method.GET, cuts, Feed.limits()));
        FuzzCuts.check(input, (bytes, cuts) -> Feed.response(bytes, Method.HEAD, cuts, limits));
    }
}
