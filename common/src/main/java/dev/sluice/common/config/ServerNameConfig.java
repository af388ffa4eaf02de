package dev.sluice.common.config;

/**
 * One name of a server, lower case. The text is as written: {@code *.example.com}, {@code www.*};
 * of a regular expression it is the pattern without the {@code ~}. Written at boot, then
 * read-only.
 */
public record ServerNameConfig(String text, Kind kind) {

    /** How a Host is compared with the text. */
    public enum Kind { EXACT, LEADING_WILDCARD, TRAILING_WILDCARD, REGEX }
}
