package dev.sluice.common.config;

import java.util.List;

/**
 * How long clients may keep an answer. Written at boot, then read-only.
 *
 * @param template of a text that says it for each answer; null for all kinds but VARIABLE
 * @param seconds from the moment of the answer, from the last modification, or from midnight
 */
public record ExpiresConfig(Kind kind, long seconds, String template) {

    ExpiresConfig(Kind kind, long seconds) {
        this(kind, seconds, null);
    }

    /** Says nothing. */
    public static final ExpiresConfig OFF = new ExpiresConfig(Kind.OFF, 0);

    /** nginx's forms of {@code expires}. */
    public enum Kind { OFF, ACCESS, MODIFIED, DAILY, EPOCH, MAX, VARIABLE }

    /** What a text says, as one in the file would; {@link #OFF} for one that says nothing. */
    public static ExpiresConfig saidBy(String text) {
        try {
            return ExpiresType.said(List.of(text.strip().split("[ \t]+")));
        } catch (BadValue e) {
            return OFF;
        }
    }
}
