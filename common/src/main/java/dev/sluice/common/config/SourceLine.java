package dev.sluice.common.config;

/**
 * Where something was written. The file is {@code -g} for an override of the command line. Written
 * at boot, then read-only.
 */
public record SourceLine(String file, int line) {

    /** For records that tests and embedding programs build without a file. */
    public static final SourceLine NONE = new SourceLine("(built in)", 0);

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
