package dev.sluice.common.config;

import java.util.List;

/**
 * A question about a request: {@code value} is a template, an absent variable in it is an empty
 * text. IN has networks as operands, all others have one. Written at boot, then read-only.
 */
public record ConditionConfig(SourceLine at, String value, Operator operator,
        List<String> operands) {

    public ConditionConfig {
        operands = List.copyOf(operands);
    }

    /** What is asked; the texts of EQUAL and NOT_EQUAL are compared byte by byte. */
    public enum Operator {
        EQUAL("=="), NOT_EQUAL("!="), MATCH("~"), MATCH_NOCASE("~*"), NO_MATCH("!~"),
        NO_MATCH_NOCASE("!~*"), IN("in"), NOT_IN("!in");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }

        /** Whether the operand is a regular expression. */
        public boolean isRegex() {
            return this == MATCH || this == MATCH_NOCASE || this == NO_MATCH
                    || this == NO_MATCH_NOCASE;
        }

        public boolean ignoresCase() {
            return this == MATCH_NOCASE || this == NO_MATCH_NOCASE;
        }

        /** Whether the answer is turned round. */
        public boolean isNegated() {
            return sign.startsWith("!");
        }
    }

    /** The same for conditions that ask the same. */
    String question() {
        return Words.quote(value) + " " + operator.sign() + " " + operands;
    }
}
