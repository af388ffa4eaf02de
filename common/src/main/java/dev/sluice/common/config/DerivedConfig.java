package dev.sluice.common.config;

import java.util.List;

/**
 * A variable that {@code [map NAME]}, {@code [split NAME]} or {@code [geo NAME]} defines. Source
 * and results are templates, which name only variables that are defined before this one. Written
 * at boot, then read-only.
 */
public record DerivedConfig(SourceLine at, String name, Kind kind, String source,
        List<Rule> rules, String defaultResult) {

    public DerivedConfig {
        rules = List.copyOf(rules);
    }

    /** How a rule is chosen. */
    public enum Kind {
        /** The source equals the key, is a host below it, or matches an expression. */
        MAP,
        /** The key is a share in hundredths of a percent, of the hash of the source. */
        SPLIT,
        /** The source is an address in the network that the key is; the longest prefix counts. */
        GEO
    }

    /**
     * What the source is compared with, and what the variable is then. Behind a backslash the key
     * of a map is a text that looks like something else.
     */
    public record Rule(SourceLine at, String key, String result) {
    }
}
