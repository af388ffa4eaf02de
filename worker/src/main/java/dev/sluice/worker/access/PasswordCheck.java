package dev.sluice.worker.access;

import dev.sluice.common.config.AdminUser;
import dev.sluice.common.log.Level;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.loop.SideThread;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * Asks operators for a user and a password (HTTP Basic, RFC 7617). A hash takes as long as it is
 * meant to, so it is compared beside the loop, and what was right counts for a minute: a page that
 * is open asks every few seconds. The password itself is kept nowhere, only a digest of it with a
 * secret of this process.
 *
 * <p>Owner: event loop; only comparing is the side thread's.
 */
final class PasswordCheck implements AccessCheck {

    private static final byte[] CHALLENGE =
            "Basic realm=\"Sluice\", charset=\"UTF-8\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SCHEME = "basic ".getBytes(StandardCharsets.US_ASCII);
    /** A longer field is nobody's. */
    private static final int FIELD_BYTES_MAX = 1024;
    private static final long VALID_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int KNOWN_MAX = 64;
    private static final int SECRET_BYTES = 32;
    private static final Denial WHO = new Denial(Denial.UNAUTHORIZED, CHALLENGE, null, null, null);

    private final Map<String, String> hashes = new LinkedHashMap<>();
    private final SideThread side = new SideThread();
    private final byte[] secret = new byte[SECRET_BYTES];
    /** Digests of what was right, each with the time it counts until; the eldest first. */
    private final Map<ByteBuffer, Long> known = new LinkedHashMap<>();

    PasswordCheck(List<AdminUser> users) {
        users.forEach(user -> hashes.put(user.name(), user.hash()));
        new SecureRandom().nextBytes(secret);
    }

    @Override
    public AccessVerdict check(Exchange x) {
        byte[] credentials = credentials(x);
        int colon = credentials == null ? -1 : indexOfColon(credentials);
        if (colon < 0) {
            return WHO;
        }
        ByteBuffer digest = digest(credentials);
        Long untilNs = known.get(digest);
        if (untilNs != null && untilNs - x.ctx.clock.nowNs() > 0) {
            return null;
        }
        Comparing comparing = new Comparing(digest,
                new String(credentials, 0, colon, StandardCharsets.UTF_8));
        byte[] password = Arrays.copyOfRange(credentials, colon + 1, credentials.length);
        boolean waits = side.submit(x.ctx.loop, () -> {
            boolean right = matches(comparing.user, password);
            return () -> comparing.done(right);
        });
        return waits ? comparing
                : Denial.of(503, Level.WARN, "too many passwords wait to be compared");
    }

    /** User, colon and password as they were sent; null without. */
    private static byte[] credentials(Exchange x) {
        HeaderTable headers = x.request.headers;
        int i = headers.find(HeaderName.AUTHORIZATION);
        if (i < 0 || headers.isRepeated(HeaderName.AUTHORIZATION)
                || headers.valueLength(i) > FIELD_BYTES_MAX) {
            return null;
        }
        byte[] value = new byte[headers.valueLength(i)];
        headers.buffer().get(headers.valueOffset(i), value);
        for (int at = 0; at < SCHEME.length; at++) {
            if (at >= value.length || Character.toLowerCase(value[at]) != SCHEME[at]) {
                return null;
            }
        }
        try {
            return Base64.getDecoder().decode(
                    Arrays.copyOfRange(value, SCHEME.length, value.length));
        } catch (IllegalArgumentException notBase64) {
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

    private ByteBuffer digest(byte[] credentials) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(secret);
            return ByteBuffer.wrap(sha.digest(credentials));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("each JDK has SHA-256", impossible);
        }
    }

    /** Who is not known takes as long as who is. On the side thread. */
    private boolean matches(String user, byte[] password) {
        String hash = hashes.get(user);
        try {
            boolean right = OpenBSDBCrypt.checkPassword(
                    hash == null ? hashes.values().iterator().next() : hash, password);
            return right && hash != null;
        } catch (RuntimeException unfit) {
            // Whatever the library does not take is no password.
            return false;
        }
    }

    /** A request whose password is compared. */
    private final class Comparing extends PendingCheck {

        private final ByteBuffer digest;
        private final String user;

        Comparing(ByteBuffer digest, String user) {
            this.digest = digest;
            this.user = user;
        }

        private void done(boolean right) {
            Exchange x = exchange();
            if (x == null) {
                return;
            }
            if (right) {
                if (known.size() >= KNOWN_MAX) {
                    known.remove(known.keySet().iterator().next());
                }
                known.remove(digest);
                known.put(digest, x.ctx.clock.nowNs() + VALID_NS);
            }
            decide(right ? null : new Denial(Denial.UNAUTHORIZED, CHALLENGE, Level.WARN,
                    "operator \"" + user + "\" is not known or sent a wrong password", null));
        }

        @Override
        protected void cancel() {
            // The comparison ends by itself.
        }
    }
}
