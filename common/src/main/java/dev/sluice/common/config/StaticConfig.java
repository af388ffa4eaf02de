package dev.sluice.common.config;

import java.util.List;

/**
 * How files are found and sent. Root and alias are absolute or null; max_ranges 0 ignores the
 * Range field. Written at boot, then read-only.
 */
public record StaticConfig(
        String root,
        String alias,
        List<String> index,
        List<String> tryFiles,
        boolean sendfile,
        Symlinks symlinks,
        String defaultType,
        boolean etag,
        int maxRanges) {

    public StaticConfig {
        index = List.copyOf(index);
        tryFiles = List.copyOf(tryFiles);
    }

    /** OFF follows links anywhere, IF_OUTSIDE_ROOT only inside the root, ON refuses every link. */
    public enum Symlinks { OFF, IF_OUTSIDE_ROOT, ON }
}
