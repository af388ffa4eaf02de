package dev.sluice.worker.http1;

import java.util.Arrays;
import java.util.Random;

/** What the fuzz targets share: one input, cut in several ways, has to give one answer. */
final class FuzzCuts {

    private FuzzCuts() {}

    /** Throws when the subject's answer depends on how the bytes arrive. */
    static String check(byte[] input, ParserTable.Subject subject) {
        String whole = subject.run(input, Feed.whole(input.length));
        same(whole, subject.run(input, Feed.bytewise()), "byte by byte");
        // The cuts depend on the input only, so a finding can be run again.
        Random random = new Random(Arrays.hashCode(input));
        for (int round = 0; round < 3; round++) {
            int span = 1 + random.nextInt(40);
            Feed.Cuts cuts = at -> at + 1 + Math.floorMod(at * 31 + span, span);
            same(whole, subject.run(input, cuts), "cut with span " + span);
        }
        return whole;
    }

    private static void same(String whole, String got, String how) {
        if (!whole.equals(got)) {
            throw new IllegalStateException(how + ": " + got + " instead of " + whole);
        }
    }
}
