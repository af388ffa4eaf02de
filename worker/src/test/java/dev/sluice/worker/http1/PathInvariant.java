package dev.sluice.worker.http1;

/** What every canonical path has to be. Throws without JUnit, which a fuzzer does not have. */
final class PathInvariant {

    private PathInvariant() {}

    static void check(String path, String canonical, boolean merge) {
        String again = PathFeed.normalise(PathFeed.encode(canonical), merge);
        require(canonical.equals(again), "not stable: " + again, path);
        require(!merge || !canonical.contains("//"), "slashes left", path);
        for (String segment : canonical.split("/|\\\\|%2F", -1)) {
            int cut = segment.indexOf(';');
            String bare = cut < 0 ? segment : segment.substring(0, cut);
            require(!bare.equals(".") && !bare.equals(".."), "dots left", path);
        }
        for (int i = 0; i < canonical.length(); i++) {
            char c = canonical.charAt(i);
            require(c >= 0x20 && c != 0x7f, "control left", path);
            if (c == '%') {
                String escape = canonical.substring(i, Math.min(i + 3, canonical.length()));
                require(escape.equals("%2F") || escape.equals("%25"), "escape left", path);
            }
        }
    }

    private static void require(boolean fact, String what, String path) {
        if (!fact) {
            throw new IllegalStateException(what + ": " + path);
        }
    }
}
