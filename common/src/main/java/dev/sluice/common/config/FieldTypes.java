package dev.sluice.common.config;

import java.util.List;
import java.util.Locale;

/** The types of values that name header fields, and the check of a field name. */
final class FieldTypes {

    static final ValueType<HeaderRule> ADD = new Rule(true);
    static final ValueType<HeaderRule> SET = new Rule(false);
    static final ValueType<List<String>> NAMES = new Names();

    /** Framing and the connection are not the operator's: a second value would split messages. */
    private static final List<String> OWN = List.of("connection", "content-length",
            "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");

    private FieldTypes() {
    }

    private record Rule(boolean mayAlways) implements ValueType<HeaderRule> {

        @Override
        public String name() {
            return "a field";
        }

        @Override
        public String form() {
            return mayAlways ? "NAME \"VALUE\" [always]"
                    : "NAME \"VALUE\"; an empty value removes the field";
        }

        @Override
        public HeaderRule parse(Value value) throws BadValue {
            List<String> words = value.words();
            int most = mayAlways ? 3 : 2;
            if (words.size() < 2 || words.size() > most) {
                throw new BadValue("takes a name and one value, found " + words.size() + " words",
                        words.size() < 2 ? null : "put the value into quotes");
            }
            checkName(words.get(0), true);
            if (words.size() == 3 && !words.get(2).equals("always")) {
                throw new BadValue("unknown word \"" + words.get(2) + "\"",
                        "expected always; a value with spaces stands in quotes");
            }
            String template = KnownVariables.check(words.get(1));
            return new HeaderRule(words.get(0), template, words.size() == 3);
        }
    }

    private static final class Names implements ValueType<List<String>> {

        @Override
        public String name() {
            return "field names";
        }

        @Override
        public String form() {
            return "field names separated by spaces";
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            for (String name : value.words()) {
                checkName(name, false);
            }
            return value.words();
        }
    }

    /** RFC 9110 section 5.6.2: a name is a token. */
    private static void checkName(String name, boolean writes) throws BadValue {
        boolean token = !name.isEmpty() && name.chars().allMatch(c ->
                c > ' ' && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
        if (!token) {
            throw new BadValue("\"" + name + "\" is not a field name",
                    name.endsWith(":") ? "leave the colon out" : null);
        }
        if (writes && OWN.contains(name.toLowerCase(Locale.ROOT))) {
            throw new BadValue("the field \"" + name + "\" is not yours to set",
                    "leave it out: Sluice writes it itself on each side");
        }
    }
}
