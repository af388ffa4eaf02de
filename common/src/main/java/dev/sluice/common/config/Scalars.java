package dev.sluice.common.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The types of values that are one number, one word, one path or a list of plain words. */
final class Scalars {

    static final ValueType<Boolean> FLAG = new Flag();
    static final ValueType<String> PATH = new PathType(false);

    /** Keeps a slash at the end: where one path is put before another it decides the meaning. */
    static final ValueType<String> PATH_PREFIX = new PathType(true);

    static final ValueType<String> TEXT = new Text();
    static final ValueType<List<String>> WORDS = new WordList();

    private Scalars() {
    }

    /**
     * Bounds are in milliseconds and inclusive.
     *
     * @param orOff whether the word stands for 0, as it does where 0 means not at all
     */
    record Time(long min, long max, boolean orOff) implements ValueType<Long> {

        private static final String OFF = "off";

        Time(long min, long max) {
            this(min, max, false);
        }

        /** Of what can be done without. */
        static Time orOff(long max) {
            return new Time(0, max, true);
        }

        @Override
        public String name() {
            return "a time";
        }

        @Override
        public String form() {
            return (orOff ? OFF + " or " : "") + "a time such as 500ms, 75s, 5m, 2h or 1d, from "
                    + Millis.format(min) + " to " + Millis.format(max);
        }

        @Override
        public Long parse(Value value) throws BadValue {
            String word = value.word();
            long millis = orOff && word.equals(OFF) ? 0 : Millis.parse(word);
            if (millis == Millis.INVALID) {
                throw new BadValue("\"" + word + "\" is not a time");
            }
            if (millis < min || millis > max) {
                throw BadValue.outOfRange(word, form());
            }
            return millis;
        }
    }

    /** Bounds are in bytes and inclusive. */
    record Size(long min, long max) implements ValueType<Long> {

        @Override
        public String name() {
            return "a size";
        }

        @Override
        public String form() {
            return "a size such as 512, 64k, 10m or 1g, from " + Bytes.format(min) + " to "
                    + Bytes.format(max);
        }

        @Override
        public Long parse(Value value) throws BadValue {
            String word = value.word();
            long bytes = Bytes.parse(word);
            if (bytes == Bytes.INVALID) {
                throw new BadValue("\"" + word + "\" is not a size");
            }
            if (bytes < min || bytes > max) {
                throw BadValue.outOfRange(word, form());
            }
            return bytes;
        }
    }

    /** Bounds are inclusive; the words stand for the numbers beside them. */
    record Count(int min, int max, String word, int wordMeans) implements ValueType<Integer> {

        Count(int min, int max) {
            this(min, max, null, 0);
        }

        @Override
        public String name() {
            return "a number";
        }

        @Override
        public String form() {
            String range = "a number from " + min + " to " + max;
            return word == null ? range : word + " or " + range;
        }

        @Override
        public Integer parse(Value value) throws BadValue {
            String written = value.word();
            return written.equals(word) ? wordMeans : number(written, min, max);
        }
    }

    /** One of the constants of an enum, in lower case. */
    record Choice<E extends Enum<E>>(Class<E> constants) implements ValueType<E> {

        @Override
        public String name() {
            return "a word";
        }

        @Override
        public String form() {
            return String.join(", ", words());
        }

        @Override
        public E parse(Value value) throws BadValue {
            String word = value.word();
            for (E constant : constants.getEnumConstants()) {
                if (lower(constant).equals(word)) {
                    return constant;
                }
            }
            throw unknownWord(word, words());
        }

        private List<String> words() {
            return Arrays.stream(constants.getEnumConstants()).map(Scalars::lower).toList();
        }
    }

    /** One of some words; those of the second list are known but not built. */
    record Keyword(List<String> words, List<String> notSupported) implements ValueType<String> {

        @Override
        public String name() {
            return "a word";
        }

        @Override
        public String form() {
            return String.join(", ", words);
        }

        @Override
        public String parse(Value value) throws BadValue {
            String word = value.word();
            if (notSupported.contains(word)) {
                throw new BadValue("\"" + word + "\" is not supported", "expected " + form());
            }
            if (!words.contains(word)) {
                throw unknownWord(word, words);
            }
            return word;
        }
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static BadValue unknownWord(String word, List<String> known) {
        String nearest = Spelling.didYouMean(word, known);
        String expected = "expected " + String.join(", ", known);
        return new BadValue("unknown word \"" + word + "\"",
                nearest == null ? expected : nearest + " (" + expected + ")");
    }

    static int number(String written, int min, int max) throws BadValue {
        boolean digits = !written.isEmpty() && written.length() <= 10
                && written.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw new BadValue("\"" + written + "\" is not a number");
        }
        long number = Long.parseLong(written);
        if (number < min || number > max) {
            throw BadValue.outOfRange(written, "a number from " + min + " to " + max);
        }
        return (int) number;
    }

    /** {@code on} or {@code off}. */
    private static final class Flag implements ValueType<Boolean> {

        @Override
        public String name() {
            return "on or off";
        }

        @Override
        public String form() {
            return "on or off";
        }

        @Override
        public Boolean parse(Value value) throws BadValue {
            return switch (value.word()) {
                case "on" -> true;
                case "off" -> false;
                default -> throw new BadValue("\"" + value.word() + "\" is neither on nor off");
            };
        }
    }

    /** A path, relative to the directory of the main file or to the prefix. */
    private record PathType(boolean keepsSlash) implements ValueType<String> {

        @Override
        public String name() {
            return "a path";
        }

        @Override
        public String form() {
            return "a path, relative to the main file or to the prefix of -p";
        }

        @Override
        public String parse(Value value) throws BadValue {
            String path = value.path(value.word());
            boolean slash = keepsSlash && value.word().endsWith("/") && !path.endsWith("/");
            return slash ? path + "/" : path;
        }

        @Override
        public String effective(Value value, String parsed) {
            return Words.quote(parsed);
        }
    }

    /** The rest of the line as it is; quotes around the whole of it are removed. */
    private static final class Text implements ValueType<String> {

        @Override
        public String name() {
            return "a text";
        }

        @Override
        public String form() {
            return "a text up to the end of the line";
        }

        @Override
        public String parse(Value value) {
            return Words.unquoteWhole(value.text());
        }
    }

    private static final class WordList implements ValueType<List<String>> {

        @Override
        public String name() {
            return "a list of words";
        }

        @Override
        public String form() {
            return "words separated by spaces";
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            if (value.text().indexOf('$') >= 0) {
                throw new BadValue("variables are not supported here: \"" + value.text() + "\"");
            }
            return value.words();
        }
    }
}
