package dev.sluice.worker.access;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.BasicAuthConfig;
import dev.sluice.common.log.Level;
import dev.sluice.worker.access.Users.Answer;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.loop.Offload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * {@code auth_basic} (RFC 7617): a user and a password that a file of users knows.
 *
 * <p>Owner: event loop; {@link Users} belongs to the side thread.
 */
final class BasicCheck extends SlowCheck<Boolean> {

    private static final byte[] SCHEME = "basic ".getBytes(StandardCharsets.US_ASCII);
    /** Longer ones are nobody's; hashes of such would only cost. */
    private static final int FIELD_BYTES_MAX = 1024;
    private static final long VALID_NS = 60_000_000_000L;

    private final Users users;
    private final byte[] challenge;
    private final Denial missing;

    BasicCheck(BasicAuthConfig config, Offload offload, Clock clock) {
        this(config, new Users(config.file(), clock), offload);
    }

    private BasicCheck(BasicAuthConfig config, Users users, Offload offload) {
        super(users, offload);
        this.users = users;
        this.challenge = ("Basic realm=\"" + config.realm() + "\", charset=\"UTF-8\"")
                .getBytes(StandardCharsets.US_ASCII);
        this.missing = new Denial(401, challenge, null, null, null);
    }

    /** User, colon and password. */
    @Override
    byte[] credentials(Exchange x) {
        byte[] encoded = afterScheme(x, SCHEME, FIELD_BYTES_MAX);
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

    @Override
    Denial missing() {
        return missing;
    }

    @Override
    Finding<Boolean> prove(byte[] credentials) {
        int colon = indexOfColon(credentials);
        String user = new String(credentials, 0, colon, StandardCharsets.ISO_8859_1);
        byte[] password = Arrays.copyOfRange(credentials, colon + 1, credentials.length);
        Answer answer = users.check(user, password);
        return switch (answer) {
            case RIGHT -> new Finding<>(true, VALID_NS, null);
            case WRONG_PASSWORD -> refused("user \"" + user + "\" sent a wrong password");
            case NO_SUCH_USER -> refused(
                    "user \"" + user + "\" was not found in \"" + users.file + "\"");
            case NO_FILE -> Finding.no(new Denial(500, null, Level.ERROR,
                    "file of users \"" + users.file + "\" cannot be used", users.failure()));
        };
    }

    private Finding<Boolean> refused(String what) {
        return Finding.no(new Denial(401, challenge, Level.WARN, what, null));
    }

    @Override
    void admit(Exchange x, Boolean value) {
        assert value;
    }
}
