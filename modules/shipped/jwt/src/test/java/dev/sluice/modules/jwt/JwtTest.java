package dev.sluice.modules.jwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
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
import dev.sluice.module.ModuleException;
import dev.sluice.module.testkit.InMemorySluice;
import dev.sluice.module.testkit.TestAnswer;
import dev.sluice.module.testkit.TestRequest;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signed tokens, with keys made here. The time is 0 at first. */
final class JwtTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static KeyPair rsa;
    private static KeyPair ec;
    private static KeyPair ed;

    @TempDir
    private Path directory;

    private final AtomicLong nowMs = new AtomicLong();
    private final List<InMemorySluice> opened = new ArrayList<>();
    private TestAnswer answer;

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

    @AfterEach
    void close() {
        opened.forEach(InMemorySluice::close);
    }

    private InMemorySluice start(String... more) throws Exception {
        InMemorySluice sluice = InMemorySluice.of(
                        new JwtModule(() -> Instant.ofEpochMilli(nowMs.get())))
                .set("auth_jwt", "API")
                .set("auth_jwt_key_file", directory.resolve("jwks").toString());
        for (int i = 0; i < more.length; i += 2) {
            sluice.set(more[i], more[i + 1]);
        }
        opened.add(sluice.open());
        return sluice;
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

    private int ask(InMemorySluice a, String token) {
        answer = a.send(TestRequest.get("/me").header("Authorization", "Bearer " + token));
        return answer.status();
    }

    private void refuses(String why, InMemorySluice a, String token) {
        assertEquals(401, ask(a, token), why);
        assertEquals("Bearer realm=\"API\", error=\"invalid_token\"",
                answer.header("WWW-Authenticate"));
        assertTrue(a.log().getLast().startsWith("warn: token refused: " + why),
                a.log().getLast());
    }

    /** What the token says to who stands behind. */
    private static String said(InMemorySluice a) {
        return a.expand("$jwt_claim_sub $jwt_claim_n $jwt_claim_roles $jwt_header_kid");
    }

    @Test
    void goodTokensOfEveryKindComeInAndTheirClaimsAreVariables() throws Exception {
        InMemorySluice a = start();
        JWTClaimsSet all = claims().claim("n", 42).claim("roles", List.of("a", "b")).build();
        for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.RS256, JWSAlgorithm.PS512)) {
            assertEquals(200, ask(a, signed(algorithm, "r", all)), algorithm.getName());
            assertEquals("ann 42 a,b r", said(a));
        }
        assertEquals(200, ask(a, signed(JWSAlgorithm.ES256, "e", claims().build())));
        assertEquals(200, ask(a, signed(JWSAlgorithm.EdDSA, "d", claims().build())));
        assertEquals(200, ask(a, signed(JWSAlgorithm.ES256, null, claims().build())));
        assertEquals("ann   ", said(a));
    }

    @Test
    void numbersStayAsTheTokenWritesThem() throws Exception {
        InMemorySluice a = start("auth_jwt_algorithms", "HS256");
        for (String number : List.of("9223372036854775807", "18446744073709551615",
                "-9223372036854775809", "1e3", "1.50", "-0", "12345678901234567.25")) {
            JWSObject token = new JWSObject(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("s")
                    .build(),
                    new Payload("{\"exp\":60,\"n\":" + number + ",\"roles\":[" + number + ",1]}"));
            token.sign(new MACSigner(SECRET));
            assertEquals(200, ask(a, token.serialize()), number);
            assertEquals(" " + number + " " + number + ",1 s", said(a));
        }
    }

    @Test
    void whoHasNoneIsAskedForOne() throws Exception {
        InMemorySluice a = start();
        answer = a.send(TestRequest.get("/me").header("Authorization", "Basic abc"));
        assertEquals(401, answer.status());
        assertEquals("Bearer realm=\"API\"", answer.header("WWW-Authenticate"));
    }

    @Test
    void noneAndSecretsAreNoAlgorithmsUnlessNamed() throws Exception {
        InMemorySluice a = start();
        String plain = Base64URL.encode("{\"alg\":\"none\"}") + "."
                + Base64URL.encode(claims().build().toString()) + ".";
        refuses("it cannot be read", a, plain);
        refuses("its algorithm", a, signed(JWSAlgorithm.HS256, "s", claims().build()));
        // The public key as a secret: the confusion of algorithms.
        PublicKey key = rsa.getPublic();
        SignedJWT forged = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r")
                .build(), claims().build());
        forged.sign(new MACSigner(key.getEncoded()));
        InMemorySluice b = start("auth_jwt_algorithms", "HS256 RS256");
        refuses("no key has signed it", b, forged.serialize());
        assertEquals(200, ask(b, signed(JWSAlgorithm.HS256, "s", claims().build())));
    }

    @Test
    void theKeyIdChoosesTheKeyAndKeysOfTheTokenAreNotLookedAt() throws Exception {
        InMemorySluice a = start();
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
        InMemorySluice a = start();
        String good = signed(JWSAlgorithm.RS256, "r", claims().build());
        String deep = Base64URL.encode("[".repeat(4000)).toString();
        for (String bad : List.of("x", "a.b.c", "...", deep + ".b.c", good.substring(1),
                good.replace('.', '!'))) {
            refuses("it cannot be read", a, bad);
        }
        int dot = good.lastIndexOf('.');
        refuses("no key has signed it", a, good.substring(0, dot - 1) + good.substring(dot));
        assertEquals(401, ask(a, "x".repeat(9000)));
        assertFalse(a.log().toString().contains(good.substring(0, dot)));
    }

    @Test
    void timesIssuerAndAudienceAreLookedAt() throws Exception {
        InMemorySluice a = start("auth_jwt_issuer", "me", "auth_jwt_audience", "x y",
                "auth_jwt_leeway", "10s", "auth_jwt_require", "exp sub");
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
        InMemorySluice a = start();
        String token = signed(JWSAlgorithm.ES256, "e", claims().build());
        assertEquals(200, ask(a, token));
        assertEquals(200, ask(a, token));
        Files.writeString(directory.resolve("jwks"), "{\"keys\":[]}");
        Files.setLastModifiedTime(directory.resolve("jwks"), FileTime.fromMillis(1));
        nowMs.addAndGet(2000);
        // The request that makes it look is still let in; the look is on another thread.
        while (ask(a, token) == 200) {
            Thread.onSpinWait();
        }
        assertEquals(401, ask(a, token));
    }

    @Test
    void aTokenEndsWhileItIsKnown() throws Exception {
        InMemorySluice a = start();
        String token = signed(JWSAlgorithm.ES256, "e", claims().build());
        assertEquals(200, ask(a, token));
        nowMs.addAndGet(60_000);
        assertEquals(401, ask(a, token));
    }

    @Test
    void itMayLieInACookie() throws Exception {
        InMemorySluice a = start("auth_jwt_token", "$cookie_auth");
        String token = signed(JWSAlgorithm.ES256, "e", claims().build());
        assertEquals(200, a.send(TestRequest.get("/").variable("cookie_auth", token)).status());
        assertEquals(401, a.send(TestRequest.get("/").variable("cookie_auth", "")).status());
    }

    @Test
    void whatCannotEndInALineHasNoText() throws Exception {
        Claims claims = Claims.of("{}", "{'a':'x\\r\\ny','b':{'c':1},'d':'\u00e9','e':null}"
                .replace('\'', '"'));
        assertEquals(Map.of("d", "\u00c3\u00a9"), claims.claims());
    }

    @Test
    void rulesThatMakeNoSenseAreRefused() {
        assertRefused("is no https URL", "auth_jwt_key_url", "http://login.example.com/jwks");
        assertRefused("both hold here", "auth_jwt_key_url", "https://login.example.com/jwks",
                "auth_jwt_key_file", "keys");
        assertRefused("names no keys");
        assertRefused("has no variable", "auth_jwt_token", "cookie_a", "auth_jwt_key_file", "keys");
        assertRefused("would let everybody in", "auth_jwt_algorithms", "RS256 none");
        assertRefused("unknown word \"RS257\"", "auth_jwt_algorithms", "RS257");
        assertRefused("does not exist", "auth_jwt_key_file", "/nowhere/keys");
        assertRefused("does not exist", "auth_jwt_key_url", "https://login.example.com/jwks",
                "auth_jwt_key_trusted", "/nowhere/authorities");
    }

    private static void assertRefused(String why, String... keys) {
        InMemorySluice sluice =
                InMemorySluice.of(new JwtModule()).set("auth_jwt", "API").dryRun();
        for (int i = 0; i < keys.length; i += 2) {
            sluice.set(keys[i], keys[i + 1]);
        }
        String message = assertThrows(ModuleException.class, sluice::open).getMessage();
        assertTrue(message.contains(why), message);
    }

    @Test
    void keysThatCannotBeReadLetNobodyIn() throws Exception {
        InMemorySluice a = start();
        Files.writeString(directory.resolve("jwks"), "{\"keys\":7}");
        assertEquals(500, ask(a, signed(JWSAlgorithm.ES256, "e", claims().build())));
        assertTrue(a.log().getLast().contains("it is no JWK set"));
    }
}
