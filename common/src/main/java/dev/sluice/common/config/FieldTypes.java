package dev.sluice.common.config;

import java.util.List;
import java.util.Locale;

/** The types of values that name header fields, and the check of a field name. */
final class FieldTypes {

    static final ValueType<HeaderRule> ADD = new Rule(true, false);
    static final ValueType<HeaderRule> SET_ANSWER = new Rule(true, true);
    static final ValueType<HeaderRule> SET = new Rule(false, true);
    static final ValueType<HeaderRule> ADD_REQUEST = new Rule(false, false);
    static final ValueType<List<String>> NAMES = new Names(false);
    static final ValueType<List<String>> PASSED = new Names(true);

    /** Framing and the connection are not the operator's: a second value would split messages. */
    private static final List<String> OWN = List.of("connection", "content-length", "expect",
            "http2-settings", "keep-alive", "proxy-connection", "te", "trailer",
            "transfer-encoding", "upgrade");

    private FieldTypes() {
    }

    private record Rule(boolean ofAnswer, boolean replaces) implements ValueType<HeaderRule> {

        @Override
        public String name() {
            return "a field";
        }

        @Override
        public String form() {
            return "NAME \"VALUE\"" + (ofAnswer ? " [always]" : "")
                    + (replaces ? "; an empty value removes the field" : "");
        }

        @Override
        public HeaderRule parse(Value value) throws BadValue {
            List<String> words = value.words();
            int most = ofAnswer ? 3 : 2;
            if (words.size() < 2 || words.size() > most) {
                throw new BadValue("takes a name and one value, found " + words.size() + " words",
                        words.size() < 2 ? null : "put the value into quotes");
            }
            checkName(words.get(0), true);
            if (words.size() == 3 && !words.get(2).equals("always")) {
                throw new BadValue("unknown word \"" + words.get(2) + "\"",
                        "expected always; a value with spaces stands in quotes");
            }
            if (ofAnswer && words.get(0).equalsIgnoreCase("Date")) {
                throw new BadValue("the field \"" + words.get(0) + "\" is not yours to set",
                        "an answer has one Date (RFC 9110 section 6.6.1); proxy_pass_header = Date"
                                + " keeps the peer's");
            }
            if (!ofAnswer && !replaces && words.get(0).equalsIgnoreCase("Host")) {
                throw new BadValue("a second Host makes a request invalid (RFC 9112 section 3.2)",
                        "use proxy_set_header");
            }
            String template = KnownVariables.check(words.get(1));
            refuseLines(template, ofAnswer);
            return new HeaderRule(words.get(0), template, words.size() == 3);
        }
    }

    /** PEM has line ends, which no field can have (RFC 9110 section 5.5). */
    private static void refuseLines(String template, boolean ofAnswer) throws BadValue {
        for (String name : List.of("ssl_client_cert", "ssl_client_raw_cert")) {
            for (int at = template.indexOf(name); at > 0; at = template.indexOf(name, at + 1)) {
                char before = template.charAt(at - 1);
                int end = at + name.length();
                if ((before == '$' || before == '{') && (end == template.length()
                        || !Character.isLetterOrDigit(template.charAt(end))
                                && template.charAt(end) != '_')) {
                    throw new BadValue("\"$" + name + "\" has line ends, which no field can have",
                            "use $ssl_client_escaped_cert"
                                    + (ofAnswer ? "" : ", or client_cert_forward = pem:NAME"));
                }
            }
        }
    }

    /** Names to be let through may not be such as would frame the message a second time. */
    private record Names(boolean passed) implements ValueType<List<String>> {

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
                checkName(name, passed);
            }
            return value.words();
        }
    }

    /** RFC 9110 section 5.6.2: a name is a token. */
    static void checkName(String name, boolean writes) throws BadValue {
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

    /** A text with variables, or an expression behind ~ or, for any case, ~*. */
    static String pattern(String word) throws BadValue {
        if (!word.startsWith("~")) {
            return KnownVariables.check(word);
        }
        boolean nocase = word.startsWith("~*");
        AddressTypes.compile(word.substring(nocase ? 2 : 1), nocase);
        return word;
    }
}
