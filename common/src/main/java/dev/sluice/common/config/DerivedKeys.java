package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.GEO;
import static dev.sluice.common.config.SectionKind.MAP;
import static dev.sluice.common.config.SectionKind.SPLIT;

import dev.sluice.common.config.DerivedConfig.Rule;
import java.util.List;

/**
 * The part of the table for variables that a configuration defines. Written at boot, then
 * read-only.
 */
final class DerivedKeys {

    static final ConfigKey<String> SOURCE = ConfigKey.single("source", new TemplateText(), null,
            "What decides the variable. In [geo] it is $remote_addr when left out. The longest"
                    + " source is 4k; a longer one gets the default.", MAP, SPLIT, GEO)
            .shows("$http_host");

    static final ConfigKey<String> DEFAULT = ConfigKey.single("default", new TemplateText(), null,
            "The variable when no rule fits; empty when left out.", MAP, GEO).shows("other");

    static final ConfigKey<Rule> VALUE = ConfigKey.list("value",
            new RuleType(DerivedConfig.Kind.MAP),
            "A source and the variable for it. An equal text, in any case, goes before a host with"
                    + " an asterisk, and that before the first expression (RE2) of the section."
                    + " What stands behind \\ is a text, even one that begins with ~ or *."
                    + " $1 to $9 in the variable are groups of its expression; (?<name>...) is"
                    + " $name elsewhere, once the variable has been asked for.",
            MAP).shows("shop.example.com shop", "*.example.com site",
                    "~*^cdn(?<cdn>[0-9]+)\\. static-$1", "\\~home home");

    static final ConfigKey<Rule> SHARE = ConfigKey.list("share",
            new RuleType(DerivedConfig.Kind.SPLIT),
            "A share of all sources and the variable for them; * is what is left. A source always"
                    + " falls into the same share, in every worker and after a restart.",
            SPLIT).shows("10% canary", "* stable");

    static final ConfigKey<Rule> NETWORK = ConfigKey.list("network",
            new RuleType(DerivedConfig.Kind.GEO),
            "A network and the variable for its addresses; the longest prefix counts.", GEO)
            .shows("10.0.0.0/8 inside", "2001:db8::/32 inside");

    static final List<ConfigKey<?>> ALL = List.of(SOURCE, DEFAULT, VALUE, SHARE, NETWORK);

    private DerivedKeys() {
    }

    /** One word, or a text in quotes, with variables. */
    private static final class TemplateText implements ValueType<String> {

        @Override
        public String name() {
            return "a text";
        }

        @Override
        public String form() {
            return "a word or a text in quotes, with variables";
        }

        @Override
        public String parse(Value value) throws BadValue {
            return KnownVariables.check(value.word());
        }
    }

    /** A key and a result. */
    private record RuleType(DerivedConfig.Kind kind) implements ValueType<Rule> {

        @Override
        public String name() {
            return "a rule";
        }

        @Override
        public String form() {
            return switch (kind) {
                case MAP -> "TEXT, *.HOST, HOST.*, ~REGEX, ~*REGEX or \\TEXT, and the RESULT";
                case SPLIT -> "PERCENT% or * for the rest, and the RESULT";
                case GEO -> "NETWORK RESULT";
            };
        }

        @Override
        public Rule parse(Value value) throws BadValue {
            List<String> words = value.words();
            if (words.size() != 2) {
                throw new BadValue("takes two words, found " + words.size(),
                        words.size() > 2 ? "put a text with spaces into quotes" : null);
            }
            String result = words.get(1);
            return new Rule(value.at(), key(words.get(0), KnownVariables.highestCapture(result)),
                    result);
        }

        /** @param highestGroup that the result names; 0 without any */
        private String key(String word, int highestGroup) throws BadValue {
            if (word.equals(DEFAULT.name()) && kind != DerivedConfig.Kind.SPLIT) {
                throw new BadValue("\"default\" is a key of its own", "write default = RESULT"
                        + (kind == DerivedConfig.Kind.MAP ? ", or \\default for the text" : ""));
            }
            switch (kind) {
                case MAP -> {
                    if (word.startsWith("~")) {
                        boolean nocase = word.startsWith("~*");
                        checkGroups(word, highestGroup, AddressTypes.compile(
                                word.substring(nocase ? 2 : 1), nocase).groupCount());
                    }
                    return word.startsWith("\\") ? text(word.substring(1)) : word;
                }
                case GEO -> {
                    if (word.equals(AccessRule.ALL)) {
                        throw new BadValue("\"all\" is what default is for", "write default =");
                    }
                    return AddressTypes.networks(List.of(word)).getFirst();
                }
                default -> {
                    return word.equals("*") ? word : share(word);
                }
            }
        }

        /** The backslash stays in front of what has another meaning without it. */
        private static String text(String word) {
            boolean special = word.startsWith("~") || word.startsWith("\\")
                    || word.startsWith("*.") || word.endsWith(".*");
            return special ? "\\" + word : word;
        }

        private static void checkGroups(String word, int highest, int count) throws BadValue {
            if (highest > count) {
                throw new BadValue("\"$" + highest + "\" has no group in \"" + word + "\"",
                        "the expression has " + count + " groups ( )");
            }
        }

        /** In hundredths of a percent. */
        private static String share(String word) throws BadValue {
            if (!word.matches("[0-9]{1,3}(\\.[0-9]{1,2})?%")) {
                throw new BadValue("\"" + word + "\" is not a share",
                        "write, for instance, 10% or 0.25%");
            }
            long hundredths = Math.round(Double.parseDouble(
                    word.substring(0, word.length() - 1)) * 100);
            if (hundredths == 0 || hundredths > 10_000) {
                throw BadValue.outOfRange(word, "a share from 0.01% to 100%");
            }
            return Long.toString(hundredths);
        }
    }
}
