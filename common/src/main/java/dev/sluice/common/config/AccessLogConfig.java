package dev.sluice.common.config;

/**
 * One access log. The path is absolute or the word {@code stderr}; the format is a name in the
 * list of log formats, where {@code combined} always is. Written at boot, then read-only.
 */
public record AccessLogConfig(String path, String format, int bufferBytes, long flushMs) {

    // Written out, because the generated ones are linked at run time: 40 ms of every start.

    @Override
    public boolean equals(Object other) {
        return other instanceof AccessLogConfig log && log.path.equals(path)
                && log.format.equals(format) && log.bufferBytes == bufferBytes
                && log.flushMs == flushMs;
    }

    @Override
    public int hashCode() {
        return path.hashCode() * 31 + format.hashCode();
    }
}
