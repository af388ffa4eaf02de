package dev.sluice.common.config;

import dev.sluice.common.config.ConditionConfig.Operator;
import java.util.Arrays;
import java.util.List;

/** The types of values that say which requests a location takes. */
final class RouteTypes {

    static final ValueType<List<String>> METHODS = new Methods();
    static final ValueType<ConditionConfig> WHEN = new When();

    private RouteTypes() {
    }

    private static final class Methods implements ValueType<List<String>> {

        private static final List<String> KNOWN =
                List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");

        @Override
        public String name() {
            return "methods";
        }

        @Override
        public String form() {
            return "some of " + String.join(" ", KNOWN);
        }

        @Override
        public List<String> parse(Value value) throws BadValue {
            for (String word : value.words()) {
                if (!KNOWN.contains(word)) {
                    throw Scalars.unknownWord(word, KNOWN);
                }
            }
            return value.words().stream().distinct().toList();
        }
    }

    private static final class When implements ValueType<ConditionConfig> {

        private static final List<String> SIGNS =
                Arrays.stream(Operator.values()).map(Operator::sign).toList();

        @Override
        public String name() {
            return "a condition";
        }

        @Override
        public String form() {
            return "VALUE == TEXT, VALUE ~ REGEX or VALUE in NETWORK...; also != !~ ~* !~* !in";
        }

        @Override
        public ConditionConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            if (words.size() < 3) {
                throw new BadValue("takes a value, an operator and a text, found " + words.size()
                        + (words.size() == 1 ? " word" : " words"),
                        "write, for instance, when = $http_x_beta == \"1\"");
            }
            int place = SIGNS.indexOf(words.get(1));
            if (place < 0) {
                throw new BadValue("\"" + words.get(1) + "\" is not an operator",
                        "expected one of " + String.join(" ", SIGNS));
            }
            Operator operator = Operator.values()[place];
            String text = KnownVariables.check(words.getFirst());
            if (text.indexOf('$') < 0) {
                throw new BadValue("\"" + text + "\" has no variable, so it never changes",
                        "begin with what is asked about, for instance $http_x_beta");
            }
            return new ConditionConfig(value.at(), text, operator, operands(operator, words));
        }

        private static List<String> operands(Operator operator, List<String> words)
                throws BadValue {
            List<String> operands = words.subList(2, words.size());
            if (operator == Operator.IN || operator == Operator.NOT_IN) {
                return AddressTypes.networks(operands);
            }
            if (operands.size() > 1) {
                throw new BadValue("\"" + operator.sign() + "\" takes one text, found "
                        + operands.size() + " words", "put the text into quotes");
            }
            if (operator.isRegex()) {
                AddressTypes.compile(operands.getFirst(), operator.ignoresCase());
            }
            return operands;
        }
    }
}
