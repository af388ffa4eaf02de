package dev.sluice.common.config;

/**
 * A ready answer. For 301, 302, 303, 307 and 308 the text is the URL, else the body; it is a
 * template and may be empty. Status 444 closes the connection without an answer. Written at boot,
 * then read-only.
 */
public record ReturnConfig(int status, String text) {
}
