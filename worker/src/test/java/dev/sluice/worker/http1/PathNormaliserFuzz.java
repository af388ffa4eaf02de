package dev.sluice.worker.http1;

import java.nio.charset.StandardCharsets;

/**
 * Fuzz target: any bytes as a path.
 * How it is run is in {@code src/test/corpus/http1/README.md}; the corpus is run by every build.
 */
public final class PathNormaliserFuzz {

    private PathNormaliserFuzz() {}

    /** The entry Jazzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        String path = "/" + new String(input, StandardCharsets.ISO_8859_1);
        for (boolean merge : new boolean[] {true, false}) {
            String canonical = PathFeed.normalise(path, merge);
            if (canonical.startsWith("/")) {
                PathInvariant.check(path, canonical, merge);
            }
        }
    }
}
