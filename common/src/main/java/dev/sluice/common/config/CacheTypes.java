package dev.sluice.common.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The types of values that say what is cached. */
final class CacheTypes {

    static final ValueType<CacheUse.Valid> VALID = new ValidType();
    static final ValueType<List<String>> CONDITIONS = new Conditions();
    static final ValueType<List<String>> USE_STALE = new WordsOf("failures", List.of("error",
            "timeout", "invalid_header", "updating", "http_403", "http_404", "http_429",
            "http_500", "http_502", "http_503", "http_504", "off"));
    static final ValueType<List<String>> IGNORED = new WordsOf("fields", List.of("X-Accel-Expires",
            "Expires", "Cache-Control", "Set-Cookie", "Vary"));
    static final ValueType<List<String>> METHODS = new WordsOf("methods", List.of("GET", "HEAD"));
    static final ValueType<List<String>> NETWORKS = new Networks();

    private CacheTypes() {
    }

    private static final class ValidType implements ValueType<CacheUse.Valid> {

        @Override
        public String name() {
            return "statuses and a time";
        }

        @Override
        public String form() {
            return "[STATUS... | any] TIME, such as 200 302 10m; a time alone is for 200, 301, 302";
        }

        @Override
        public CacheUse.Valid parse(Value value) throws BadValue {
            List<String> words = value.words();
            if (words.isEmpty()) {
                throw new BadValue("takes a time", "expected " + form());
            }
            long time = Millis.parse(words.getLast());
            if (time == Millis.INVALID) {
                throw new BadValue("\"" + words.getLast() + "\" is not a time",
                        "expected " + form());
            }
            List<Integer> statuses = new ArrayList<>();
            for (String word : words.subList(0, words.size() - 1)) {
                statuses.add(word.equals("any") ? CacheUse.ANY : status(word));
            }
            return new CacheUse.Valid(
                    statuses.isEmpty() ? List.of(CacheUse.USUAL) : statuses, time);
        }

        private static int status(String word) throws BadValue {
            try {
                int status = Integer.parseInt(word);
                if (status >= 200 && status <= 599) {
                    return status;
                }
            } catch (NumberFormatException noNumber) {
                // Said below.
            }
            throw new BadValue("\"" + word + "\" is not a status",
                    "expected a number from 200 to 599, or any");
        }
    }

    /** Texts with variables, of which one that is neither empty nor 0 decides. */
    private static final class Conditions implements ValueType<List<String>> {

        @Override
        public String name() {
            return "texts with variables";
        }

        @Override
        public String form() {
            return "$VARIABLE..., such as $cookie_nocache $arg_nocache";
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            List<String> words = value.words();
            for (String word : words) {
                KnownVariables.check(word);
            }
            return words;
        }
    }

    private record WordsOf(String what, List<String> known) implements ValueType<List<String>> {

        @Override
        public String name() {
            return "a list of " + what;
        }

        @Override
        public String form() {
            return "some of " + String.join(", ", known);
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            List<String> all = new ArrayList<>();
            for (String word : value.words()) {
                String same = known.stream().filter(word::equalsIgnoreCase).findFirst()
                        .orElse(null);
                if (same == null) {
                    throw Scalars.unknownWord(word, known);
                }
                all.add(same.toLowerCase(Locale.ROOT));
            }
            return all;
        }
    }

    private static final class Networks implements ValueType<List<String>> {

        @Override
        public String name() {
            return "a list of networks";
        }

        @Override
        public String form() {
            return "addresses and networks such as 127.0.0.1 10.0.0.0/8 ::1";
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            return AddressTypes.networks(value.words());
        }
    }
}
