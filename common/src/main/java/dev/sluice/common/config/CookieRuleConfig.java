package dev.sluice.common.config;

import java.util.List;

/**
 * Changes an attribute of cookies that a peer sets. Written at boot, then read-only.
 *
 * @param from a template of the whole Domain, or of the beginning of the Path; or an expression
 *     behind ~ or ~*
 * @param to a template for what stands in its place, which is that of the whole attribute where an
 *     expression matched
 */
public record CookieRuleConfig(String from, String to) {

    /** No rule, and none inherited. */
    static final CookieRuleConfig OFF = new CookieRuleConfig("", "");

    /** The values of {@code proxy_cookie_domain} and {@code proxy_cookie_path}. */
    record Type(String form) implements ValueType<CookieRuleConfig> {

        @Override
        public String name() {
            return "a rule";
        }

        @Override
        public CookieRuleConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            String first = words.getFirst();
            if (words.size() == 1 && first.equals("off")) {
                return OFF;
            }
            if (words.size() != 2) {
                throw new BadValue("takes two words, found " + words.size());
            }
            if (first.isEmpty() || words.get(1).indexOf(';') >= 0) {
                throw new BadValue("\"" + value.text() + "\" is no rule for an attribute");
            }
            return new CookieRuleConfig(FieldTypes.pattern(first),
                    KnownVariables.check(words.get(1)));
        }
    }
}
