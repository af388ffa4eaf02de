package dev.sluice.modules.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The keys of a JWK set (RFC 7517). Which kind of key an algorithm goes with is decided
 * here and not by the token: a public RSA key never becomes a secret of HMAC, and keys that a token
 * brings along (jwk, jku, x5u) are not looked at.
 *
 * <p>Owner: the side thread.
 */
final class TokenKeys {

    /** A longer JWK set is not read. */
    static final int TEXT_BYTES_MAX = 1 << 20;

    /** Keys that a token without a key id is tried with. */
    private static final int TRIES_MAX = 8;
    private static final int RSA_BITS_MIN = 2048;
    /** What stands before the 32 bytes of an Ed25519 key (RFC 8410 §4). */
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private List<JWK> keys = List.of();

    /** The keys of a JWK set as text. */
    static List<JWK> parse(String text) throws IOException {
        try {
            return JWKSet.parse(text).getKeys();
        } catch (ParseException e) {
            // The message of the library could quote a key.
            throw new IOException("it is no JWK set", e);
        }
    }

    void take(List<JWK> all) {
        keys = all;
    }

    void forget() {
        keys = List.of();
    }

    /** Whether one of the keys that the token may mean has signed it. */
    boolean haveSigned(JWSObject token) throws JOSEException, GeneralSecurityException {
        JWSHeader header = token.getHeader();
        int tries = 0;
        for (JWK key : keys) {
            boolean named = header.getKeyID() == null || header.getKeyID().equals(key.getKeyID());
            boolean signs = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
            boolean forThis = key.getAlgorithm() == null
                    || key.getAlgorithm().getName().equals(header.getAlgorithm().getName());
            if (named && signs && forThis && isOfKind(key, header.getAlgorithm())
                    && tries < TRIES_MAX) {
                tries++;
                if (hasSigned(key, token)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isOfKind(JWK key, JWSAlgorithm algorithm) {
        return switch (key) {
            case RSAKey rsa -> JWSAlgorithm.Family.RSA.contains(algorithm)
                    && rsa.size() >= RSA_BITS_MIN;
            case ECKey ec -> Curve.forJWSAlgorithm(algorithm) != null
                    && Curve.forJWSAlgorithm(algorithm).contains(ec.getCurve());
            case OctetKeyPair pair -> algorithm.equals(JWSAlgorithm.EdDSA)
                    && pair.getCurve().equals(Curve.Ed25519);
            case OctetSequenceKey secret -> JWSAlgorithm.Family.HMAC_SHA.contains(algorithm);
            default -> false;
        };
    }

    private static boolean hasSigned(JWK key, JWSObject token)
            throws JOSEException, GeneralSecurityException {
        JWSVerifier verifier = switch (key) {
            case RSAKey rsa -> new RSASSAVerifier(rsa.toRSAPublicKey());
            case ECKey ec -> new ECDSAVerifier(ec.toECPublicKey());
            case OctetSequenceKey secret -> new MACVerifier(secret.toByteArray());
            default -> null;
        };
        return verifier == null ? hasSigned((OctetKeyPair) key, token) : token.verify(verifier);
    }

    /** The library would need another one for this. */
    private static boolean hasSigned(OctetKeyPair key, JWSObject token)
            throws GeneralSecurityException {
        byte[] x = key.getDecodedX();
        byte[] encoded = Arrays.copyOf(ED25519, ED25519.length + x.length);
        System.arraycopy(x, 0, encoded, ED25519.length, x.length);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(encoded)));
        signature.update(token.getSigningInput());
        return signature.verify(token.getSignature().decode());
    }
}
