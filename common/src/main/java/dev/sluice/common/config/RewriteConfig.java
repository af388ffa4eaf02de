package dev.sluice.common.config;

/**
 * One rule that changes the path. The replacement is a template with captures $1 to $9. Written at
 * boot, then read-only.
 */
public record RewriteConfig(SourceLine at, String regex, String replacement, Flag flag) {

    /** What happens after a match; REDIRECT answers 302, PERMANENT 301. */
    public enum Flag { NONE, LAST, BREAK, REDIRECT, PERMANENT }
}
