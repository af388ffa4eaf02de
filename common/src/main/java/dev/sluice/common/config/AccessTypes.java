package dev.sluice.common.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of values that say who may come. */
final class AccessTypes {

    static final ValueType<BasicAuthConfig> BASIC = new Basic();

    static final ValueType<String> AUTH_REQUEST = new AuthRequest();
    static final ValueType<AuthRequestConfig.Assignment> ASSIGNMENT = new Assignment();

    static final ValueType<String> DEVICES = new Devices();

    static final String OFF = "off";
    private static final Pattern NAME = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)");
    private static final String UPSTREAM = "upstream_http_";
    private static final String SENT = "sent_http_";

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

    private static final class Devices implements ValueType<String> {

        @Override
        public String name() {
            return "a path";
        }

        @Override
        public String form() {
            return "a path of a file with one LFDI a line, or off";
        }

        @Override
        public String parse(Value value) throws BadValue {
            String word = value.word();
            return word.equals(OFF) ? OFF : value.path(word);
        }

        @Override
        public String effective(Value value, String parsed) {
            return parsed.equals(OFF) ? OFF : Words.quote(parsed);
        }
    }

    private static final class AuthRequest implements ValueType<String> {

        @Override
        public String name() {
            return "a path";
        }

        @Override
        public String form() {
            return "a path of this server such as /auth, or off";
        }

        @Override
        public String parse(Value value) throws BadValue {
            String word = value.word();
            if (!word.equals(OFF) && !word.startsWith("/")) {
                throw new BadValue("\"" + word + "\" does not begin with /");
            }
            return KnownVariables.check(word);
        }
    }

    /** The name that an {@code auth_request_set} defines; null for what is none. */
    static String assignedName(String text) {
        Matcher name = NAME.matcher(text);
        return name.lookingAt() ? name.group(1) : null;
    }

    private static final class Assignment implements ValueType<AuthRequestConfig.Assignment> {

        @Override
        public String name() {
            return "a variable and its value";
        }

        @Override
        public String form() {
            return "$NAME VALUE, where $upstream_http_NAME is a field of the answer";
        }

        @Override
        public AuthRequestConfig.Assignment parse(Value value) throws BadValue {
            List<String> words = value.words();
            String name = assignedName(words.getFirst());
            if (words.size() != 2 || !words.getFirst().equals("$" + name)) {
                throw new BadValue("\"" + value.text() + "\" is not a variable and a value");
            }
            if (KnownVariables.isBuiltIn(name)) {
                throw new BadValue("\"$" + name + "\" has a meaning already",
                        "name the variable otherwise");
            }
            // The sub-request's own answer is the peer's: what was sent is what came.
            String sent = words.get(1).replace("$" + UPSTREAM, "$" + SENT)
                    .replace("${" + UPSTREAM, "${" + SENT);
            return new AuthRequestConfig.Assignment(name, KnownVariables.check(sent));
        }
    }
}
