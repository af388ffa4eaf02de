package dev.sluice.common.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of values that say who may come. */
final class AccessTypes {

    static final ValueType<String> AUTH_REQUEST = new AuthRequest();
    static final ValueType<AuthRequestConfig.Assignment> ASSIGNMENT = new Assignment();

    static final String OFF = "off";
    private static final Pattern NAME = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)");
    private static final String UPSTREAM = "upstream_http_";
    private static final String SENT = "sent_http_";

    private AccessTypes() {
    }

    /** What {@code satisfy} asks for. */
    enum Satisfy { ALL, ANY }

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
