package dev.sluice.common.config;

import java.util.List;

/** The types of values that say who may come. */
final class AccessTypes {

    static final ValueType<BasicAuthConfig> BASIC = new Basic();

    private static final String OFF = "off";

    private AccessTypes() {
    }

    /** What {@code satisfy} asks for. */
    enum Satisfy { ALL, ANY }

    /** A realm goes into a quoted string of a header (RFC 9110 section 5.6.4) as it is. */
    static String realm(String word) throws BadValue {
        boolean plain = word.chars().allMatch(c -> c >= ' ' && c < 127 && c != '"' && c != '\\');
        if (word.isEmpty() || !plain) {
            throw new BadValue("\"" + word + "\" is no realm",
                    "a realm is ASCII text without \" and \\");
        }
        return word;
    }

    private static final class Basic implements ValueType<BasicAuthConfig> {

        @Override
        public String name() {
            return "a realm and a file";
        }

        @Override
        public String form() {
            return "\"REALM\" file=PATH, or off";
        }

        @Override
        public BasicAuthConfig parse(Value value) throws BadValue {
            List<String> words = value.words();
            String realm = words.getFirst();
            if (realm.equals(OFF) && words.size() == 1) {
                return BasicAuthConfig.OFF;
            }
            Options options = Options.of(words.subList(1, words.size()), List.of("file="),
                    List.of());
            if (!options.has("file=")) {
                throw new BadValue("no file with users is named",
                        "write auth_basic = \"" + realm + "\" file=/etc/sluice/users");
            }
            if (realm.equals(OFF)) {
                throw new BadValue("the realm \"off\" is the word that asks for nothing",
                        "leave the file out, or name the realm otherwise");
            }
            return new BasicAuthConfig(realm(realm), value.path(options.text("file=")));
        }

        @Override
        public String effective(Value value, BasicAuthConfig parsed) {
            return parsed.realm() == null ? OFF
                    : Words.quote(parsed.realm()) + " file=" + Words.quote(parsed.file());
        }
    }
}
