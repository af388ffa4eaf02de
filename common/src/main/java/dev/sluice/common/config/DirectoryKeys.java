package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.LOCATION;
import static dev.sluice.common.config.SectionKind.SERVER;

import dev.sluice.common.config.StaticConfig.Autoindex;
import java.util.List;

/** The part of the table for lists of directories. Written at boot, then read-only. */
public final class DirectoryKeys {

    public static final ConfigKey<Boolean> AUTOINDEX = ConfigKey.single("autoindex", Scalars.FLAG,
            "off", "Whether a directory without an index file is answered with a list of what is in"
                    + " it: directories first, then files, by name. Names that begin with a dot"
                    + " or have control characters, which no request may have, and links that"
                    + " disable_symlinks refuses, are not shown; of more than 10000 entries the"
                    + " rest is left out.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<String> AUTOINDEX_FORMAT = ConfigKey.single("autoindex_format",
            new Scalars.Keyword(List.of("html", "json"), List.of("xml", "jsonp")), "html",
            "The form of such a list; json is an array of objects with name, type (file, directory"
                    + " or other), mtime and, of files, size.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<Boolean> AUTOINDEX_EXACT_SIZE = ConfigKey.single(
            "autoindex_exact_size", Scalars.FLAG, "on",
            "Whether sizes in html are bytes; off rounds them to K, M or G. Times are UTC.",
            HTTP, SERVER, LOCATION);

    static final List<ConfigKey<?>> ALL =
            List.of(AUTOINDEX, AUTOINDEX_FORMAT, AUTOINDEX_EXACT_SIZE);

    private DirectoryKeys() {
    }

    /** Null where directories are not listed. */
    static Autoindex of(Scope scope) {
        return scope.value(AUTOINDEX) ? new Autoindex(scope.value(AUTOINDEX_FORMAT).equals("json"),
                scope.value(AUTOINDEX_EXACT_SIZE)) : null;
    }
}
