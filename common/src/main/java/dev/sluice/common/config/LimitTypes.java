package dev.sluice.common.config;

import java.util.List;

/** The types of values that speak of limits. */
final class LimitTypes {

    static final int BURST_MAX = 1_000_000;
    static final int CONNECTIONS_MAX = 65_535;

    static final ValueType<LimitRate> RATE = new RateType();
    static final ValueType<Use> USE = new UseType();
    static final ValueType<String> KEY = new KeyType();
    static final ValueType<Integer> DELAY = new Scalars.Count(0, BURST_MAX, "off",
            LimitConfig.NO_DELAY);

    private static final int UNSET = -2;

    private LimitTypes() {
    }

    /** A {@code limit} before it is known what it names; null stands for the limit's own value. */
    record Use(String name, Integer burst, Integer delayFrom, Integer connections) {

        static final Use OFF = new Use("off", null, null, null);
    }

    private static final class RateType implements ValueType<LimitRate> {

        private static final int COUNT_MAX = 1_000_000;

        @Override
        public String name() {
            return "a rate";
        }

        @Override
        public String form() {
            return "a number of requests from 1 to " + COUNT_MAX + " and r/s, r/m or r/h";
        }

        @Override
        public LimitRate parse(Value value) throws BadValue {
            String word = value.word();
            int mark = word.indexOf("r/");
            String unit = mark < 0 ? "" : word.substring(mark + 2);
            long periodMs = switch (unit) {
                case "s" -> 1_000;
                case "m" -> 60_000;
                case "h" -> 3_600_000;
                default -> throw new BadValue("\"" + word + "\" is not a rate");
            };
            return new LimitRate(Scalars.number(word.substring(0, mark), 1, COUNT_MAX), periodMs);
        }
    }

    private static final class UseType implements ValueType<Use> {

        private static final List<String> OPTIONS =
                List.of("burst=", "connections=", "delay=", "nodelay");

        @Override
        public String name() {
            return "a limit";
        }

        @Override
        public String form() {
            return "off, or the name of a [limit], then burst=N delay=N or nodelay, or"
                    + " connections=N";
        }

        @Override
        public Use parse(Value value) throws BadValue {
            List<String> words = value.words();
            if (words.getFirst().equals("off")) {
                if (words.size() > 1) {
                    throw new BadValue("\"off\" stands alone");
                }
                return Use.OFF;
            }
            Options options =
                    Options.of(words.subList(1, words.size()), OPTIONS, List.of());
            if (options.has("delay=") && options.has("nodelay")) {
                throw new BadValue("\"delay\" and \"nodelay\" are both there",
                        "keep one of them");
            }
            int burst = options.number("burst=", 0, BURST_MAX, UNSET);
            int delay = options.has("nodelay") ? LimitConfig.NO_DELAY
                    : options.number("delay=", 0, BURST_MAX, UNSET);
            int connections = options.number("connections=", 1, CONNECTIONS_MAX, UNSET);
            return new Use(words.getFirst(), burst == UNSET ? null : burst,
                    delay == UNSET ? null : delay,
                    connections == UNSET ? null : connections);
        }
    }

    /** A size, or a text with variables whose value is one. */
    record SizeOrText(long max) implements ValueType<SizeText> {

        @Override
        public String name() {
            return "a size or a text";
        }

        @Override
        public String form() {
            return "a size such as 512, 64k or 10m, at most " + Bytes.format(max)
                    + ", or a text with variables";
        }

        @Override
        public SizeText parse(Value value) throws BadValue {
            String text = Words.unquoteWhole(value.text());
            if (text.indexOf('$') >= 0) {
                return new SizeText(0, KnownVariables.check(text));
            }
            return new SizeText(new Scalars.Size(0, max).parse(value), null);
        }
    }

    private static final class KeyType implements ValueType<String> {

        @Override
        public String name() {
            return "a text";
        }

        @Override
        public String form() {
            return "a text with at least one variable, such as $remote_addr";
        }

        @Override
        public String parse(Value value) throws BadValue {
            String text = KnownVariables.check(Words.unquoteWhole(value.text()));
            if (text.indexOf('$') < 0) {
                throw new BadValue("\"" + text + "\" is the same for every request");
            }
            return text;
        }
    }
}
