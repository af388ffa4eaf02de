package dev.sluice.common.tickets;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the keys of session tickets (RFC 5077, RFC 8446 §4.6.1) are made from. Time is cut into
 * periods as long as a session lives; the secret of each is made from that of the one before and
 * never the other way round, so that whoever learns it cannot read what was said earlier:
 *
 * <pre>
 *   secret of period n ──HMAC "next"──► secret of period n + 1 ──► ...
 *        └──HMAC name of the server's settings──► its key for tickets made in period n
 * </pre>
 *
 * <p>Whoever holds the secret of the period before this one can read every ticket that may still
 * be used, which is what the master hands down. Immutable; {@link #toString} keeps it.
 */
public final class TicketSecret {

    /** Where the master puts it among the files that it hands down: no path, so no file has it. */
    public static final String NAME = "ticket secret";

    /** Periods that are walked through in one step; a clock that jumps further begins anew. */
    private static final int STEPS_MAX = 100_000;
    private static final int SECRET_BYTES = 32;
    private static final int PACKED_BYTES = 8 + 8 + SECRET_BYTES;
    private static final String HMAC = "HmacSHA256";

    private final long periodMs;
    private final long period;
    private final byte[] secret;

    private TicketSecret(long periodMs, long period, byte[] secret) {
        this.periodMs = periodMs;
        this.period = period;
        this.secret = secret;
    }

    /** A new one, that of the period before this one. */
    public static TicketSecret random(long periodMs, long nowMs) {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new TicketSecret(periodMs, nowMs / periodMs - 1, bytes);
    }

    /**
     * One that holds for ever, as several machines share it.
     *
     * @param content of a file, of which all bytes count
     */
    public static TicketSecret lasting(byte[] content) {
        return new TicketSecret(Long.MAX_VALUE, 0, hmac(new byte[SECRET_BYTES], content));
    }

    /** Reads what {@link #packed} wrote. Null for anything else. */
    public static TicketSecret of(byte[] packed) {
        if (packed.length != PACKED_BYTES) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(packed);
        long periodMs = in.getLong();
        long period = in.getLong();
        byte[] secret = new byte[SECRET_BYTES];
        in.get(secret);
        return periodMs > 0 ? new TicketSecret(periodMs, period, secret) : null;
    }

    public byte[] packed() {
        return ByteBuffer.allocate(PACKED_BYTES).putLong(periodMs).putLong(period).put(secret)
                .array();
    }

    public long periodMs() {
        return periodMs;
    }

    /** When the period after that of this secret begins, in ms since 1970. */
    public long endsMs() {
        return periodMs == Long.MAX_VALUE ? Long.MAX_VALUE : (period + 1) * periodMs;
    }

    /** The one after it. */
    public TicketSecret next() {
        return new TicketSecret(periodMs, period + 1, hmac(secret, new byte[] {'n'}));
    }

    /**
     * The secret of the period before the one that this time belongs to.
     *
     * @return itself when it is that, or when the clock has gone back; a new one when nothing that
     *     was made with this one can still be used
     */
    public TicketSecret at(long nowMs) {
        long wanted = nowMs / periodMs - 1;
        if (wanted - period > STEPS_MAX) {
            return random(periodMs, nowMs);
        }
        TicketSecret at = this;
        while (at.period < wanted) {
            at = at.next();
        }
        return at;
    }

    /**
     * Bytes that nobody knows who has not got the secret, different for each name.
     *
     * @param bytes at most 8160, as HKDF-Expand gives (RFC 5869 §2.3)
     */
    public byte[] derive(byte[] name, int bytes) {
        byte[] made = new byte[bytes];
        byte[] block = new byte[0];
        for (int at = 0, count = 1; at < bytes; at += SECRET_BYTES, count++) {
            byte[] input = Arrays.copyOf(block, block.length + name.length + 1);
            System.arraycopy(name, 0, input, block.length, name.length);
            input[input.length - 1] = (byte) count;
            block = hmac(secret, input);
            System.arraycopy(block, 0, made, at, Math.min(SECRET_BYTES, bytes - at));
        }
        return made;
    }

    private static byte[] hmac(byte[] key, byte[] input) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(input);
        } catch (GeneralSecurityException impossible) {
            // Every Java has it.
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return "secret of period " + period;
    }
}
