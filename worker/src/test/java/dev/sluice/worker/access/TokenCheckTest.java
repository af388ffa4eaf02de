package dev.sluice.worker.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signed tokens, with keys made here. The time is 0 in the server and its thread. */
class TokenCheckTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static KeyPair rsa;
    private static KeyPair ec;
    private static KeyPair ed;

    @TempDir
    private Path directory;

    @BeforeAll
    static void makeKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        rsa = generator.generateKeyPair();
        generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        ec = generator.generateKeyPair();
        ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    @BeforeEach
    void writeKeys() throws Exception {
        byte[] encoded = ed.getPublic().getEncoded();
        Base64URL x = Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32,
                encoded.length));
        JWKSet set = new JWKSet(List.of(
                new RSAKey.Builder((RSAPublicKey) rsa.getPublic()).keyID("r").build(),
                new ECKey.Builder(Curve.P_256, (ECPublicKey) ec.getPublic()).keyID("e").build(),
                new OctetKeyPair.Builder(Curve.Ed25519, x).keyID("d").build(),
                new OctetSequenceKey.Builder(SECRET.getBytes(StandardCharsets.US_ASCII))
                        .keyID("s").build()));
        Files.writeString(directory.resolve("jwks"), set.toString(false));
    }

    private AccessHarness start(String more) {
        return new AccessHarness(directory, "auth_jwt = API\nauth_jwt_key_file = jwks\n" + more
                + "\n[location www /me]\nreturn = 200 \"$jwt_claim_sub $jwt_claim_n"
                + " $jwt_claim_roles $jwt_header_kid\"\n");
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder().subject("ann").expirationTime(new Date(60_000));
    }

    private static String signed(JWSAlgorithm algorithm, String kid, JWTClaimsSet claims)
            throws Exception {
        return signed(new JWSHeader.Builder(algorithm).keyID(kid).build(), claims);
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims) throws Exception {
        SignedJWT jwt = new SignedJWT(header, claims);
        String name = header.getAlgorithm().getName();
        if (name.equals("EdDSA")) {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(ed.getPrivate());
            signature.update(jwt.getSigningInput());
            return new String(jwt.getSigningInput(), StandardCharsets.US_ASCII) + "."
                    + Base64URL.encode(signature.sign());
        }
        jwt.sign(switch (name.charAt(0)) {
            case 'E' -> new ECDSASigner((java.security.interfaces.ECPrivateKey) ec.getPrivate());
            case 'H' -> new MACSigner(SECRET);
            default -> new RSASSASigner(rsa.getPrivate());
        });
        return jwt.serialize();
    }

    private static int ask(AccessHarness a, String token) {
        a.h.onRequest(a.h.client.request("GET /me HTTP/1.1\nHost: a\nAuthorization: Bearer "
                + token));
        assertEquals(0, a.work.size(), "passwords have a thread of their own");
        a.runWork();
        return a.h.client.finish().status();
    }

    private static void refuses(String why, AccessHarness a, String token) {
        assertEquals(401, ask(a, token), why);
        assertEquals("Bearer realm=\"API\", error=\"invalid_token\"",
                a.h.client.header("www-authenticate"));
        assertTrue(a.h.errors.getLast().startsWith("warn: token refused: " + why),
                a.h.errors.getLast());
        a.h.clock.stepMs(2000);
        a.h.ctx.clock.update();
    }

    @Test
    void goodTokensOfEveryKindComeInAndTheirClaimsAreVariables() throws Exception {
        AccessHarness a = start("");
        JWTClaimsSet all = claims().claim("n", 42).claim("roles", List.of("a", "b")).build();
        for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.RS256, JWSAlgorithm.PS512)) {
            assertEquals(200, ask(a, signed(algorithm, "r", all)), algorithm.getName());
            assertEquals("ann 42 a,b r", a.h.client.body());
        }
        assertEquals(200, ask(a, signed(JWSAlgorithm.ES256, "e", claims().build())));
        assertEquals(200, ask(a, signed(JWSAlgorithm.EdDSA, "d", claims().build())));
        assertEquals(200, ask(a, signed(JWSAlgorithm.ES256, null, claims().build())));
        assertEquals("ann   ", a.h.client.body());
    }

    @Test
    void whoHasNoneIsAskedForOne() {
        AccessHarness a = start("");
        assertEquals(401, a.get("/me", "ann:secret"));
        assertEquals("Bearer realm=\"API\"", a.h.client.header("www-authenticate"));
    }

    @Test
    void noneAndSecretsAreNoAlgorithmsUnlessNamed() throws Exception {
        AccessHarness a = start("");
        String plain = Base64URL.encode("{\"alg\":\"none\"}") + "."
                + Base64URL.encode(claims().build().toString()) + ".";
        refuses("it cannot be read", a, plain);
        refuses("its algorithm", a, signed(JWSAlgorithm.HS256, "s", claims().build()));
        // The public key as a secret: the confusion of algorithms.
        PublicKey key = rsa.getPublic();
        SignedJWT forged = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r")
                .build(), claims().build());
        forged.sign(new MACSigner(key.getEncoded()));
        AccessHarness b = start("auth_jwt_algorithms = HS256 RS256");
        refuses("no key has signed it", b, forged.serialize());
        assertEquals(200, ask(b, signed(JWSAlgorithm.HS256, "s", claims().build())));
    }

    @Test
    void theKeyIdChoosesTheKeyAndKeysOfTheTokenAreNotLookedAt() throws Exception {
        AccessHarness a = start("");
        refuses("no key", a, signed(JWSAlgorithm.RS256, "e", claims().build()));
        refuses("no key", a, signed(JWSAlgorithm.RS256, "../../etc/passwd", claims().build()));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair own = generator.generateKeyPair();
        SignedJWT forged = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256)
                .jwk(new RSAKey.Builder((RSAPublicKey) own.getPublic()).build())
                .jwkURL(java.net.URI.create("http://127.0.0.1:1/")).build(), claims().build());
        forged.sign(new RSASSASigner(own.getPrivate()));
        refuses("no key", a, forged.serialize());
        refuses("it has critical", a, signed(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("r")
                .criticalParams(Set.of("x")).customParam("x", 1).build(), claims().build()));
    }

    @Test
    void whatIsNoTokenIsRefused() throws Exception {
        AccessHarness a = start("");
        String good = signed(JWSAlgorithm.RS256, "r", claims().build());
        String deep = Base64URL.encode("[".repeat(4000)).toString();
        for (String bad : List.of("x", "a.b.c", "...", deep + ".b.c", good.substring(1),
                good.replace('.', '!'))) {
            refuses("it cannot be read", a, bad);
        }
        int dot = good.lastIndexOf('.');
        refuses("no key has signed it", a, good.substring(0, dot - 1) + good.substring(dot));
        assertEquals(401, ask(a, "x".repeat(9000)));
        assertFalse(a.h.errors.toString().contains(good.substring(0, dot)));
    }

    @Test
    void timesIssuerAndAudienceAreLookedAt() throws Exception {
        AccessHarness a = start("auth_jwt_issuer = me\nauth_jwt_audience = x y\n"
                + "auth_jwt_leeway = 10s\nauth_jwt_require = exp sub");
        JWTClaimsSet.Builder good = claims().issuer("me").audience(List.of("z", "y"));
        assertEquals(200, ask(a, signed(JWSAlgorithm.RS256, "r", good.build())));
        refuses("its issuer", a, signed(JWSAlgorithm.RS256, "r", good.issuer("you").build()));
        refuses("its audience", a, signed(JWSAlgorithm.RS256, "r",
                good.issuer("me").audience("z").build()));
        good.audience("x");
        refuses("its claim \"sub\" is missing", a,
                signed(JWSAlgorithm.RS256, "r", good.subject(null).build()));
        good.subject("ann");
        assertEquals(200, ask(a, signed(JWSAlgorithm.RS256, "r",
                good.notBeforeTime(new Date(9_000)).build())));
        refuses("its time has not come", a, signed(JWSAlgorithm.RS256, "r",
                good.notBeforeTime(new Date(11_000)).build()));
        refuses("it has expired", a, signed(JWSAlgorithm.RS256, "r",
                good.notBeforeTime(null).expirationTime(new Date(-11_000)).build()));
    }

    @Test
    void aGoodTokenIsNotComparedAgainUntilItEndsOrTheKeysChange() throws Exception {
        AccessHarness a = start("");
        String token = signed(JWSAlgorithm.ES256, "e", claims().build());
        assertEquals(200, ask(a, token));
        a.h.onRequest(a.h.client.request("GET /me HTTP/1.1\nHost: a\nAuthorization: Bearer "
                + token));
        assertEquals(200, a.h.client.finish().status());
        Files.writeString(directory.resolve("jwks"), "{\"keys\":[]}");
        Files.setLastModifiedTime(directory.resolve("jwks"), FileTime.fromMillis(1));
        a.h.clock.stepMs(2000);
        a.h.ctx.clock.update();
        a.sideClock.stepMs(2000);
        assertEquals(200, ask(a, token));
        assertEquals(401, ask(a, token));
    }

    @Test
    void aTokenEndsWhileItIsKnown() throws Exception {
        AccessHarness a = start("");
        String token = signed(JWSAlgorithm.ES256, "e", claims().build());
        assertEquals(200, ask(a, token));
        a.h.clock.stepMs(60_000);
        a.h.ctx.clock.update();
        a.sideClock.stepMs(60_000);
        assertEquals(401, ask(a, token));
    }

    @Test
    void itMayLieInACookie() throws Exception {
        AccessHarness a = new AccessHarness(directory,
                "auth_jwt = API token=$cookie_auth\nauth_jwt_key_file = jwks\n");
        a.h.onRequest(a.h.client.request("GET / HTTP/1.1\nHost: a\nCookie: auth="
                + signed(JWSAlgorithm.ES256, "e", claims().build())));
        a.runWork();
        assertEquals(200, a.h.client.finish().status());
    }

    @Test
    void keysThatCannotBeReadLetNobodyIn() throws Exception {
        AccessHarness a = start("");
        Files.writeString(directory.resolve("jwks"), "{\"keys\":7}");
        assertEquals(500, ask(a, signed(JWSAlgorithm.ES256, "e", claims().build())));
        assertTrue(a.h.errors.getLast().contains("it is no JWK set"));
    }
}
