package dev.sluice.modules.basicauth;

import dev.sluice.module.HttpExchange;
import dev.sluice.module.ModuleLog;
import dev.sluice.module.Verdict;
import dev.sluice.modules.credentials.Authorization;
import dev.sluice.modules.credentials.Comparison;
import dev.sluice.modules.credentials.Finding;
import dev.sluice.modules.credentials.SideThread;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;

/**
 * Decides about the requests of locations with one realm and one file of users.
 *
 * <p>Owner: event loop; {@link Users} belongs to the side thread.
 */
final class Passwords {

    private static final String SCHEME = "basic ";
    /** Longer ones are nobody's; hashes of such would only cost. */
    private static final int FIELD_BYTES_MAX = 1024;
    private static final long VALID_MS = 60_000;

    private final Users users;
    private final Verdict challenge;
    private final Comparison<Boolean> comparison;

    Passwords(String realm, Users users, SideThread side, ModuleLog log, InstantSource clock) {
        this.users = users;
        this.challenge = Verdict.respond(401).with("WWW-Authenticate",
                "Basic realm=\"" + realm + "\", charset=\"UTF-8\"");
        this.comparison = new Comparison<>(users, side, this::prove, (x, who) -> { }, log, clock);
    }

    Verdict decide(HttpExchange x) {
        byte[] credentials = credentials(x);
        return credentials == null ? challenge : comparison.check(x, credentials);
    }

    /** User, colon and password; null without. */
    private static byte[] credentials(HttpExchange x) {
        byte[] encoded = Authorization.afterScheme(x, SCHEME, FIELD_BYTES_MAX);
        if (encoded == null) {
            return null;
        }
        try {
            byte[] credentials = Base64.getDecoder().decode(encoded);
            return indexOfColon(credentials) > 0 ? credentials : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static int indexOfColon(byte[] credentials) {
        for (int i = 0; i < credentials.length; i++) {
            if (credentials[i] == ':') {
                return i;
            }
        }
        return -1;
    }

    /** On the side thread. */
    private Finding<Boolean> prove(byte[] credentials) {
        int colon = indexOfColon(credentials);
        String user = new String(credentials, 0, colon, StandardCharsets.ISO_8859_1);
        byte[] password = Arrays.copyOfRange(credentials, colon + 1, credentials.length);
        return switch (users.check(user, password)) {
            case RIGHT -> Finding.good(true, VALID_MS);
            case WRONG_PASSWORD -> Finding.refused(challenge,
                    "user \"" + user + "\" sent a wrong password");
            case NO_SUCH_USER -> Finding.refused(challenge,
                    "user \"" + user + "\" was not found in \"" + users.path() + "\"");
            case NO_FILE -> Finding.failed("file of users \"" + users.path()
                    + "\" cannot be used: " + users.failure());
        };
    }
}
