package dev.sluice.common.config;

/**
 * Where errors go. The path is absolute or the word {@code stderr}, {@code journald} or {@code
 * syslog:...}; the level is one of {@code debug info notice warn error}. Written at boot, then
 * read-only.
 *
 * @param json whether a line is an object of JSON
 */
public record ErrorLogConfig(String path, String level, boolean json) {

    public ErrorLogConfig(String path, String level) {
        this(path, level, false);
    }
}
