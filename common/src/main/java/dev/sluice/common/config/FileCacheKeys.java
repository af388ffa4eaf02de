package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;

import java.util.List;

/** The part of the table for files that are kept open. Written at boot, then read-only. */
public final class FileCacheKeys {

    private static final int HOUR_MS = 3_600_000;

    public static final ConfigKey<FileBound> OPEN_FILE_CACHE = ConfigKey.single("open_file_cache",
            new FileBoundType(), "max=1000 inactive=10m",
            "How many files a worker keeps open with size and time, directories and absent ones"
                    + " too, and how long one that nobody asks for. The contents of those of up"
                    + " to 8k are in memory, 16m at most. A number alone stands for max; inactive"
                    + " is 60s where it is not said.", HTTP).shows("max=10000 inactive=20s", "off");

    public static final ConfigKey<Long> OPEN_FILE_CACHE_VALID = ConfigKey.single(
            "open_file_cache_valid", new Scalars.Time(0, HOUR_MS), "1s",
            "After how long a cached file is looked at again: another inode, size or time of"
                    + " change, and it is read anew.", HTTP);

    public static final ConfigKey<Integer> OPEN_FILE_CACHE_MIN_USES = ConfigKey.single(
            "open_file_cache_min_uses", new Scalars.Count(1, 100), "1",
            "How often a file must be asked for within inactive before it is kept.", HTTP);

    public static final ConfigKey<Boolean> OPEN_FILE_CACHE_ERRORS = ConfigKey.single(
            "open_file_cache_errors", Scalars.FLAG, "on",
            "Whether it is remembered, too, which files are not there or may not be read.", HTTP);

    static final List<ConfigKey<?>> ALL = List.of(OPEN_FILE_CACHE, OPEN_FILE_CACHE_VALID,
            OPEN_FILE_CACHE_MIN_USES, OPEN_FILE_CACHE_ERRORS);

    private FileCacheKeys() {
    }

    /**
     * The bounds of the cache of open files.
     *
     * @param max files; 0 for no cache
     */
    public record FileBound(int max, long inactiveMs) {
    }

    /** nginx's words, or a number alone. */
    private static final class FileBoundType implements ValueType<FileBound> {

        private static final int FILES_MAX = 1_000_000;
        private static final long INACTIVE_MS = 60_000;

        @Override
        public String name() {
            return "a number of files";
        }

        @Override
        public String form() {
            return "off, or max=N inactive=TIME, with at most " + FILES_MAX + " files";
        }

        @Override
        public FileBound parse(Value value) throws BadValue {
            if (value.text().equals("off")) {
                return new FileBound(0, INACTIVE_MS);
            }
            int max = -1;
            long inactiveMs = INACTIVE_MS;
            for (String word : value.words()) {
                if (word.startsWith("inactive=")) {
                    inactiveMs = Millis.parse(word.substring(9));
                } else {
                    max = Scalars.number(word.startsWith("max=") ? word.substring(4) : word, 0,
                            FILES_MAX);
                }
            }
            if (max < 0 || inactiveMs < 1 || inactiveMs > 365L * 24 * HOUR_MS) {
                throw new BadValue(max < 0 ? "says no max" : "has no time in inactive",
                        "expected " + form());
            }
            return new FileBound(max, inactiveMs);
        }
    }
}
