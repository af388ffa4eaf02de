package dev.sluice.common.config;

/**
 * Which requests an access log has a line for: those of which all holds. Written at boot, then
 * read-only.
 *
 * @param condition a text that may be neither empty nor 0 when the request has ended; null for all
 * @param oneIn so many of which one is logged, at least 1
 * @param slowMs how long the request has to have taken, 0 for all
 */
public record LoggedOnly(String condition, int oneIn, long slowMs) {
}
