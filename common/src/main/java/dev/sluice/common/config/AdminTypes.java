package dev.sluice.common.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of values that say who the operators are. */
final class AdminTypes {

    static final ValueType<AdminUser> USER = new User();

    /** 2 to the power of 14 takes about a second. */
    private static final int COST_MAX = 14;

    private AdminTypes() {
    }

    /** A line as htpasswd prints it. What is wrong with it is told without quoting it. */
    private static final class User implements ValueType<AdminUser> {

        private static final Pattern BCRYPT =
                Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./0-9A-Za-z]{53}");
        private static final String CURE = "make it with: htpasswd -nB NAME";

        @Override
        public String name() {
            return "a user";
        }

        @Override
        public String form() {
            return "NAME:HASH with a hash by bcrypt, as htpasswd -nB NAME prints it";
        }

        @Override
        public AdminUser parse(Value value) throws BadValue {
            String text = value.word();
            int colon = text.indexOf(':');
            if (colon <= 0) {
                throw new BadValue("the user has no name or no hash", CURE);
            }
            String name = text.substring(0, colon);
            if (text.endsWith(":***")) {
                // As -T shows it: no password has this hash.
                return new AdminUser(name, "***");
            }
            Matcher hash = BCRYPT.matcher(text.substring(colon + 1));
            if (!hash.matches()) {
                throw new BadValue("the password of \"" + name + "\" is not hashed by bcrypt",
                        CURE);
            }
            if (Integer.parseInt(hash.group(1)) > COST_MAX) {
                throw new BadValue("the hash of \"" + name + "\" has a cost of " + hash.group(1)
                        + ", at most " + COST_MAX + " can be borne", CURE);
            }
            return new AdminUser(name, text.substring(colon + 1));
        }
    }
}
