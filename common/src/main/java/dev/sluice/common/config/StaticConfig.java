package dev.sluice.common.config;

import java.util.List;

/**
 * How files are found and sent. Root and alias are absolute or null; max_ranges 0 ignores the
 * Range field; precompressed is null where no other file is looked for, autoindex where
 * directories are not listed. Written at boot, then read-only.
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
        int maxRanges,
        Precompressed precompressed,
        Autoindex autoindex) {

    public StaticConfig {
        index = List.copyOf(index);
        tryFiles = List.copyOf(tryFiles);
    }

    /**
     * Which files beside a file may be sent in its place: {@code .gz}, {@code .br}, {@code .zst}.
     *
     * @param vary whether answers say that they depend on what the client accepts
     */
    public record Precompressed(boolean gzip, boolean brotli, boolean zstd, boolean vary) {
    }

    /**
     * Lists of directories without an index file.
     *
     * @param exactSize sizes in bytes, else rounded with a unit; JSON has bytes always
     */
    public record Autoindex(boolean json, boolean exactSize) {
    }

    /** OFF follows links anywhere, IF_OUTSIDE_ROOT only inside the root, ON refuses every link. */
    public enum Symlinks { OFF, IF_OUTSIDE_ROOT, ON }
}
