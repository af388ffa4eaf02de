package dev.sluice.worker.access;

import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.BasicAuthConfig;
import dev.sluice.common.log.Level;
import dev.sluice.worker.access.Users.Answer;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.loop.LoopContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code auth_basic} (RFC 7617). A password is compared with its hash beside the loop; one that was
 * right counts for a while without, unless the file changes. Requests with the same credentials
 * wait for one comparison.
 *
 * <p>Owner: event loop; {@link Users} belongs to the side thread.
 */
final class BasicCheck implements AccessCheck {

    private static final byte[] SCHEME = "basic ".getBytes(StandardCharsets.US_ASCII);
    /** Longer ones are nobody's; hashes of such would only cost. */
    private static final int CREDENTIALS_BYTES_MAX = 1024;
    private static final int PROOFS_MAX = 4096;
    private static final long PROOF_NS = 60_000_000_000L;
    private static final Denial BUSY =
            Denial.of(503, Level.WARN, "too many passwords wait to be checked");

    private final Users users;
    private final String file;
    private final Offload offload;
    private final byte[] challenge;
    private final Denial missing;
    private final Proofs<Boolean> proofs = new Proofs<>(PROOFS_MAX);
    private final Map<ByteBuffer, List<Waiting>> waiting = new HashMap<>();
    private final LineBudget budget = new LineBudget();
    /** Which version of the file the proofs are of. */
    private Object version;
    private long lookedNs;
    private boolean looking;

    /** @param clock of the side thread */
    BasicCheck(BasicAuthConfig config, Offload offload, Clock clock) {
        this.users = new Users(config.file(), clock);
        this.file = config.file();
        this.offload = offload;
        this.challenge = ("Basic realm=\"" + config.realm() + "\", charset=\"UTF-8\"")
                .getBytes(StandardCharsets.US_ASCII);
        this.missing = new Denial(401, challenge, null, null, null);
    }

    @Override
    public Verdict check(Exchange x) {
        byte[] credentials = credentials(x);
        int colon = credentials == null ? -1 : indexOfColon(credentials);
        if (colon <= 0) {
            return missing;
        }
        ByteBuffer digest = proofs.digest(credentials);
        if (proofs.find(digest, x.ctx.clock.nowNs()) != null) {
            lookAtFile(x);
            return null;
        }
        Waiting pending = new Waiting(digest);
        List<Waiting> others = waiting.get(digest);
        if (others != null) {
            others.add(pending);
            return pending;
        }
        String user = new String(credentials, 0, colon, StandardCharsets.ISO_8859_1);
        byte[] password = Arrays.copyOfRange(credentials, colon + 1, credentials.length);
        if (!offload.submit(x.ctx.loop, () -> compare(x.ctx, digest, user, password))) {
            return BUSY;
        }
        waiting.put(digest, new ArrayList<>(List.of(pending)));
        return pending;
    }

    /** User, colon and password; null without exactly one Authorization field of this scheme. */
    private static byte[] credentials(Exchange x) {
        HeaderTable headers = x.request.headers;
        int i = headers.find(HeaderName.AUTHORIZATION);
        if (i < 0 || headers.findNext(HeaderName.AUTHORIZATION, i) >= 0) {
            return null;
        }
        ByteBuffer b = headers.buffer();
        int from = headers.valueOffset(i);
        int end = from + headers.valueLength(i);
        if (end - from <= SCHEME.length || end - from > CREDENTIALS_BYTES_MAX
                || !AsciiBytes.equalsIgnoreCase(b, from, SCHEME.length, SCHEME)) {
            return null;
        }
        from = AsciiBytes.skipSpace(b, from + SCHEME.length, end);
        byte[] encoded = new byte[end - from];
        b.get(from, encoded);
        try {
            return Base64.getDecoder().decode(encoded);
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

    /** On the side thread; what it gives runs on the loop. */
    private Runnable compare(LoopContext ctx, ByteBuffer digest, String user, byte[] password) {
        Answer answer;
        String failure;
        try {
            answer = users.check(user, password);
            failure = users.failure();
        } catch (RuntimeException | Error e) {
            // Whatever it is, requests wait for an answer.
            answer = Answer.NO_FILE;
            failure = e.toString();
        }
        Arrays.fill(password, (byte) 0);
        Object seen = users.version();
        Answer said = answer;
        String why = failure;
        return () -> compared(ctx, digest, user, said, seen, why);
    }

    private void compared(LoopContext ctx, ByteBuffer digest, String user, Answer answer,
            Object seen, String why) {
        fileIs(seen);
        if (answer == Answer.RIGHT) {
            proofs.add(digest, true, ctx.clock.nowNs() + PROOF_NS);
        }
        List<Waiting> all = waiting.remove(digest);
        for (int i = 0; i < all.size(); i++) {
            Exchange x = all.get(i).exchange();
            if (x != null) {
                all.get(i).decide(answer == Answer.RIGHT ? null
                        : denial(x, user, answer, why, i == 0));
            }
        }
    }

    private Denial denial(Exchange x, String user, Answer answer, String why, boolean first) {
        if (answer == Answer.NO_FILE) {
            return new Denial(500, null, budget.level(x, Level.ERROR),
                    "file of users \"" + file + "\" cannot be used", why);
        }
        String what = answer == Answer.NO_SUCH_USER
                ? "user \"" + user + "\" was not found in \"" + file + "\""
                : "user \"" + user + "\" sent a wrong password";
        // Who waited for another's comparison has nothing new to tell.
        return new Denial(401, challenge, first ? budget.level(x, Level.WARN) : null, what, null);
    }

    /** A password of which nothing is asked any more must not outlive a change of the file. */
    private void lookAtFile(Exchange x) {
        long nowNs = x.ctx.clock.nowNs();
        if (looking || nowNs - lookedNs < Users.LOOK_NS) {
            return;
        }
        lookedNs = nowNs;
        looking = offload.submit(x.ctx.loop, () -> {
            users.look();
            Object seen = users.version();
            return () -> {
                looking = false;
                fileIs(seen);
            };
        });
    }

    private void fileIs(Object seen) {
        if (seen == null || !seen.equals(version)) {
            proofs.clear();
            version = seen;
        }
    }

    /** A request whose credentials are being compared. */
    private final class Waiting extends PendingCheck {
        private final ByteBuffer digest;

        Waiting(ByteBuffer digest) {
            this.digest = digest;
        }

        @Override
        void cancel() {
            // The comparison goes on; it is of use to the next request.
            assert waiting.containsKey(digest);
        }
    }
}
