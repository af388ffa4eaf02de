package dev.sluice.common.log;

import java.util.Locale;

/**
 * Which fields and parameters have values that let somebody in, by their names: nothing that is
 * shown to an operator has those values. Stateless.
 */
public final class SecretNames {

    /** Of fields, as a regular expression without regard to case. */
    public static final String FIELDS = "(?:proxy-)?authorization|(?:set-)?cookie"
            + "|[\\w.-]*(?:key|token|secret|password)[\\w.-]*";

    private static final String[] PARTS = {"key", "token", "secret", "passw", "authorization",
        "cookie", "session", "signature"};

    private SecretNames() {
    }

    /** Whether a field or a parameter of this name has a value that is not to be seen. */
    public static boolean has(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String part : PARTS) {
            if (lower.contains(part)) {
                return true;
            }
        }
        return lower.equals("code") || lower.equals("sig") || lower.equals("pwd");
    }
}
