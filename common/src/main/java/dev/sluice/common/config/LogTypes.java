package dev.sluice.common.config;

import dev.sluice.common.log.SyslogAddress;
import dev.sluice.common.log.SystemLog;
import java.util.ArrayList;
import java.util.List;

/** The types of values that name logs. */
final class LogTypes {

    static final ValueType<ErrorLogConfig> ERROR_LOG = new ErrorLog();
    static final ValueType<AccessLogConfig> ACCESS_LOG = new AccessLog("combined");
    static final ValueType<AccessLogConfig> SESSION_LOG = new AccessLog("session");
    static final ValueType<LogRotateConfig> LOG_ROTATE = new LogRotate();

    /** The word {@code off}, before it is resolved into an empty list. */
    static final AccessLogConfig OFF = new AccessLogConfig("off", "", 0, 0);

    static final String STDERR = "stderr";
    static final String COMBINED = "combined";

    private static final String PLACE = "PATH, stderr, journald or syslog:server=ADDRESS";
    private static final String JSON = "json";
    private static final List<String> LEVELS = List.of("debug", "info", "notice", "warn", "error");

    private LogTypes() {
    }

    private static String pathOf(Value value, String word) throws BadValue {
        if (word.equals(STDERR) || word.equals(SystemLog.JOURNALD)) {
            return word;
        }
        if (!word.startsWith(SyslogAddress.PREFIX)) {
            return value.path(word);
        }
        try {
            SyslogAddress to = SyslogAddress.parse(word);
            if (to.socket() != null) {
                value.socketPath(to.socket());
            } else if (IpLiteral.parse(to.host()) == null) {
                throw new BadValue("\"" + to.host() + "\" is not an IP address",
                        "names are not looked up for a log: syslog:server=10.0.0.5:514");
            }
            return word;
        } catch (IllegalArgumentException e) {
            throw new BadValue("\"syslog:\": " + e.getMessage(),
                    "write syslog:server=10.0.0.5:514 or syslog:server=unix:/dev/log");
        }
    }

    private static final class ErrorLog implements ValueType<ErrorLogConfig> {

        @Override
        public String name() {
            return "a log";
        }

        @Override
        public String form() {
            return PLACE + ", then a level: " + String.join(", ", LEVELS)
                    + " (default notice), then json for lines of JSON";
        }

        @Override
        public ErrorLogConfig parse(Value value) throws BadValue {
            List<String> words = new ArrayList<>(value.words());
            boolean json = words.size() > 1 && words.getLast().equals(JSON);
            if (json) {
                words.removeLast();
            }
            if (words.size() > 2) {
                throw new BadValue("takes a path and a level, found " + words.size() + " words");
            }
            String level = words.size() == 2 ? words.get(1) : "notice";
            if (!LEVELS.contains(level)) {
                throw Scalars.unknownWord(level, LEVELS);
            }
            String path = pathOf(value, words.getFirst());
            if (json && SystemLog.isSystem(path)) {
                throw new BadValue("\"json\" is for files and stderr",
                        "a syslog daemon and the journal have fields of their own");
            }
            return new ErrorLogConfig(path, level, json);
        }

        @Override
        public String effective(Value value, ErrorLogConfig parsed) {
            return Words.quote(parsed.path()) + " " + parsed.level()
                    + (parsed.json() ? " json" : "");
        }
    }

    /** @param byDefault the format where none is named */
    private record AccessLog(String byDefault) implements ValueType<AccessLogConfig> {

        private static final List<String> OPTIONS =
                List.of("buffer=", "flush=", "if=", "sample=", "slow=");
        private static final List<String> NOT_SUPPORTED = List.of("gzip");
        private static final int SAMPLE_MAX = 1_000_000;

        @Override
        public String name() {
            return "a log";
        }

        @Override
        public String form() {
            return "off, or " + PLACE + ", then a format (default " + byDefault
                    + "), buffer=64k flush=1s if=$NAME slow=1s sample=100";
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
                    NOT_SUPPORTED);
            return new AccessLogConfig(pathOf(value, first), named ? words.get(1) : byDefault,
                    (int) options.bytes("buffer=", 1 << 10, 16 << 20, 64 << 10),
                    options.millis("flush=", 1, 3_600_000, 1_000), only(options));
        }

        private static LoggedOnly only(Options options) throws BadValue {
            if (!options.has("if=") && !options.has("sample=") && !options.has("slow=")) {
                return null;
            }
            String condition = options.text("if=");
            return new LoggedOnly(condition == null ? null : KnownVariables.check(condition),
                    options.number("sample=", 1, SAMPLE_MAX, 1),
                    options.millis("slow=", 1, 3_600_000, 0));
        }

        @Override
        public String effective(Value value, AccessLogConfig parsed) {
            if (parsed.equals(OFF)) {
                return parsed.path();
            }
            LoggedOnly only = parsed.only();
            StringBuilder text = new StringBuilder(Words.quote(parsed.path())).append(' ')
                    .append(parsed.format())
                    .append(" buffer=").append(Bytes.format(parsed.bufferBytes()))
                    .append(" flush=").append(Millis.format(parsed.flushMs()));
            if (only != null) {
                text.append(only.condition() == null ? ""
                        : " " + Words.quote("if=" + only.condition()));
                text.append(only.oneIn() == 1 ? "" : " sample=" + only.oneIn());
                text.append(only.slowMs() == 0 ? "" : " slow=" + Millis.format(only.slowMs()));
            }
            return text.toString();
        }
    }

    private static final class LogRotate implements ValueType<LogRotateConfig> {

        private static final List<String> OPTIONS = List.of("size=", "every=", "keep=");
        private static final long DAY_MS = 86_400_000;

        @Override
        public String name() {
            return "a rotation";
        }

        @Override
        public String form() {
            return "size=100m or every=1d (1m to 7d) or both, then keep=7 (1 to 1000)";
        }

        @Override
        public LogRotateConfig parse(Value value) throws BadValue {
            Options options = Options.of(value.words(), OPTIONS, List.of());
            if (!options.has("size=") && !options.has("every=")) {
                throw new BadValue("neither size= nor every= says when", "write size=100m");
            }
            return new LogRotateConfig(options.bytes("size=", 1 << 10, 1L << 40, 0),
                    options.millis("every=", 60_000, 7 * DAY_MS, 0),
                    options.number("keep=", 1, 1000, 7));
        }

        @Override
        public String effective(Value value, LogRotateConfig parsed) {
            return (parsed.sizeBytes() == 0 ? "" : "size=" + Bytes.format(parsed.sizeBytes()) + " ")
                    + (parsed.everyMs() == 0 ? ""
                            : "every=" + Millis.format(parsed.everyMs()) + " ")
                    + "keep=" + parsed.keep();
        }
    }
}
