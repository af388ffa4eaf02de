package dev.sluice.modules.credentials;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What has been proved lately: a bounded table from credentials to what they stand for, until a
 * time. The credentials themselves are not kept, only a digest under a key of this process
 * (HMAC-SHA-256), so that neither a dump nor the time of a lookup tells anything of them.
 *
 * <p>Owner: event loop.
 */
final class Proofs<T> {

    private record Proof<T>(T value, long untilMs) {}

    private final int countMax;
    private final Mac mac;
    private final Map<ByteBuffer, Proof<T>> known = new LinkedHashMap<>();

    Proofs(int countMax) {
        this.countMax = countMax;
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The name of credentials in this table. */
    ByteBuffer digest(byte[] credentials) {
        return ByteBuffer.wrap(mac.doFinal(credentials));
    }

    /** Null when they are not known or no longer. */
    T find(ByteBuffer digest, long nowMs) {
        Proof<T> proof = known.get(digest);
        if (proof == null) {
            return null;
        }
        if (nowMs - proof.untilMs >= 0) {
            known.remove(digest);
            return null;
        }
        return proof.value;
    }

    /** The oldest makes room when the table is full. */
    void add(ByteBuffer digest, T value, long untilMs) {
        if (known.size() >= countMax && !known.containsKey(digest)) {
            known.remove(known.keySet().iterator().next());
        }
        known.put(digest, new Proof<>(value, untilMs));
    }

    void clear() {
        known.clear();
    }

    int count() {
        return known.size();
    }
}
