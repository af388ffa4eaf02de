package dev.sluice.common.config;

/**
 * A header field to add or set; the value is a template. {@code always} adds it to every status,
 * not only to successes and redirects. Written at boot, then read-only.
 */
public record HeaderRule(String name, String value, boolean always) {
}
