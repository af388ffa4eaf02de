package dev.sluice.common.config;

/**
 * A size that is either the same for every request or the value of a text with variables.
 * Immutable.
 *
 * @param bytes the size; 0 with a template
 * @param template null when it is the same for every request
 */
public record SizeText(long bytes, String template) {

    public static final SizeText ZERO = new SizeText(0, null);

    public boolean isZero() {
        return template == null && bytes == 0;
    }
}
