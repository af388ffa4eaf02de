package dev.sluice.common.config;

/**
 * One access log. The path is absolute or the word {@code stderr}, {@code journald} or {@code
 * syslog:...}; the format is a name in the list of log formats, where {@code combined} always is.
 * Written at boot, then read-only.
 *
 * @param only which requests are logged; null for all
 */
public record AccessLogConfig(
        String path, String format, int bufferBytes, long flushMs, LoggedOnly only) {

    public AccessLogConfig(String path, String format, int bufferBytes, long flushMs) {
        this(path, format, bufferBytes, flushMs, null);
    }

    // Written out, because the generated ones are linked at run time: 40 ms of every start.

    @Override
    public boolean equals(Object other) {
        return other instanceof AccessLogConfig log && log.path.equals(path)
                && log.format.equals(format) && log.bufferBytes == bufferBytes
                && log.flushMs == flushMs
                && (only == null ? log.only == null : only.equals(log.only));
    }

    @Override
    public int hashCode() {
        return path.hashCode() * 31 + format.hashCode();
    }
}
