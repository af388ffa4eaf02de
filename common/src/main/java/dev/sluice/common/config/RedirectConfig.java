package dev.sluice.common.config;

import java.util.List;

/**
 * Turns a URL that a peer redirects to into one for clients. Written at boot, then read-only.
 *
 * @param from a template of what the URL begins with, or an expression behind ~ or ~*; null for
 *     the peer's own URL as {@code proxy_pass} has it
 * @param to a template for what stands in its place, which is that of the whole URL where an
 *     expression matched; null for the path of the location
 */
public record RedirectConfig(String from, String to) {

    public static final RedirectConfig DEFAULT = new RedirectConfig(null, null);
    /** No rule, and none inherited. */
    static final RedirectConfig OFF = new RedirectConfig("", "");

    /** The values of {@code proxy_redirect}. */
    static final class Type implements ValueType<RedirectConfig> {

        @Override
        public String name() {
            return "a rule";
        }

        @Override
        public String form() {
            return "default, off, or the beginning of a URL, ~REGEX or ~*REGEX, and what takes its"
                    + " place";
        }

        @Override
        public RedirectConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            String first = words.getFirst();
            if (words.size() == 1 && first.equals("default")) {
                return DEFAULT;
            }
            if (words.size() == 1 && first.equals("off")) {
                return OFF;
            }
            if (words.size() != 2) {
                throw new BadValue("takes a URL and another one, found " + words.size()
                        + (words.size() == 1 ? " word" : " words"));
            }
            if (first.isEmpty()) {
                throw new BadValue("every URL begins with nothing", "write how the URL begins");
            }
            return new RedirectConfig(FieldTypes.pattern(first),
                    KnownVariables.check(words.get(1)));
        }
    }
}
