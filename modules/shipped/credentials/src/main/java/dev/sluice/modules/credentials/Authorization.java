package dev.sluice.modules.credentials;

import dev.sluice.module.HttpExchange;
import dev.sluice.module.ModuleException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The field Authorization (RFC 9110 section 11.6.2) and what asks for it. Stateless. */
public final class Authorization {

    private Authorization() {
    }

    /**
     * What follows a scheme; null unless there is exactly one such field and it has this scheme
     * and is not too long.
     *
     * @param scheme in lower case, with the space: {@code "basic "}
     */
    public static byte[] afterScheme(HttpExchange x, String scheme, int bytesMax) {
        String value = x.header("Authorization");
        if (value == null || value.length() <= scheme.length() || value.length() > bytesMax
                || !value.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return null;
        }
        List<String> all = x.headers("Authorization");
        return all.size() > 1 ? null : value.substring(scheme.length()).strip()
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * A realm goes into a quoted string of a field (RFC 9110 section 5.6.4) as it is.
     *
     * @throws ModuleException it cannot
     */
    public static String realm(String key, String word) throws ModuleException {
        boolean plain = word.chars().allMatch(c -> c >= ' ' && c < 127 && c != '"' && c != '\\');
        if (word.isEmpty() || !plain) {
            throw new ModuleException("\"" + key + "\": \"" + word + "\" is no realm",
                    "a realm is ASCII text without \" and \\");
        }
        return word;
    }
}
