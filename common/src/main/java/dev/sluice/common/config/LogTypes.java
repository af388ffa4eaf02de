package dev.sluice.common.config;

import java.util.List;

/** The types of values that name log files. */
final class LogTypes {

    static final ValueType<ErrorLogConfig> ERROR_LOG = new ErrorLog();
    static final ValueType<AccessLogConfig> ACCESS_LOG = new AccessLog("combined");
    static final ValueType<AccessLogConfig> SESSION_LOG = new AccessLog("session");

    /** The word {@code off}, before it is resolved into an empty list. */
    static final AccessLogConfig OFF = new AccessLogConfig("off", "", 0, 0);

    static final String STDERR = "stderr";
    static final String COMBINED = "combined";

    private static final List<String> LEVELS = List.of("debug", "info", "notice", "warn", "error");

    private LogTypes() {
    }

    private static String pathOf(Value value, String word) throws BadValue {
        if (word.startsWith("syslog:")) {
            throw new BadValue("\"syslog:\" is not built yet", "name a file or stderr");
        }
        return word.equals(STDERR) ? STDERR : value.path(word);
    }

    private static final class ErrorLog implements ValueType<ErrorLogConfig> {

        @Override
        public String name() {
            return "a log";
        }

        @Override
        public String form() {
            return "PATH or stderr, then a level: " + String.join(", ", LEVELS)
                    + " (default notice)";
        }

        @Override
        public ErrorLogConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            if (words.size() > 2) {
                throw new BadValue("takes a path and a level, found " + words.size() + " words");
            }
            String level = words.size() == 2 ? words.get(1) : "notice";
            if (!LEVELS.contains(level)) {
                throw Scalars.unknownWord(level, LEVELS);
            }
            return new ErrorLogConfig(pathOf(value, words.getFirst()), level);
        }

        @Override
        public String effective(Value value, ErrorLogConfig parsed) {
            return Words.quote(parsed.path()) + " " + parsed.level();
        }
    }

    /** @param byDefault the format where none is named */
    private record AccessLog(String byDefault) implements ValueType<AccessLogConfig> {

        private static final List<String> OPTIONS = List.of("buffer=", "flush=");
        private static final List<String> NOT_BUILT = List.of("gzip", "if");

        @Override
        public String name() {
            return "a log";
        }

        @Override
        public String form() {
            return "off, or PATH or stderr, then a format (default " + byDefault
                    + "), buffer=64k flush=1s";
        }

        @Override
        public AccessLogConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            String first = words.getFirst();
            if (first.equals("off")) {
                if (words.size() > 1) {
                    throw new BadValue("\"off\" stands alone");
                }
                return OFF;
            }
            boolean named = words.size() > 1 && words.get(1).indexOf('=') < 0;
            Options options = Options.of(words.subList(named ? 2 : 1, words.size()), OPTIONS,
                    NOT_BUILT);
            return new AccessLogConfig(pathOf(value, first), named ? words.get(1) : byDefault,
                    (int) options.bytes("buffer=", 1 << 10, 16 << 20, 64 << 10),
                    options.millis("flush=", 1, 3_600_000, 1_000));
        }

        @Override
        public String effective(Value value, AccessLogConfig parsed) {
            if (parsed.equals(OFF)) {
                return parsed.path();
            }
            return Words.quote(parsed.path()) + " " + parsed.format()
                    + " buffer=" + Bytes.format(parsed.bufferBytes())
                    + " flush=" + Millis.format(parsed.flushMs());
        }
    }
}
