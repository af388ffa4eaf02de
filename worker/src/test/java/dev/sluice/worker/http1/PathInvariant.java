package dev.sluice.worker.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/** What every canonical path has to be. */
final class PathInvariant {

    private PathInvariant() {}

    static void check(String path, String canonical, boolean merge) {
        String again = PathNormaliserTest.normalise(PathNormaliserTest.encode(canonical), merge);
        assertEquals(canonical, again, () -> "not stable: " + path);
        assertFalse(merge && canonical.contains("//"), () -> "slashes left: " + path);
        for (String segment : canonical.split("/|\\\\|%2F", -1)) {
            int cut = segment.indexOf(';');
            String bare = cut < 0 ? segment : segment.substring(0, cut);
            assertFalse(bare.equals(".") || bare.equals(".."), () -> "dots left: " + path);
        }
        for (int i = 0; i < canonical.length(); i++) {
            char c = canonical.charAt(i);
            assertFalse(c < 0x20 || c == 0x7f, () -> "control left: " + path);
            if (c == '%') {
                String escape = canonical.substring(i, Math.min(i + 3, canonical.length()));
                assertFalse(!escape.equals("%2F") && !escape.equals("%25"),
                        () -> "escape left: " + path);
            }
        }
    }
}
