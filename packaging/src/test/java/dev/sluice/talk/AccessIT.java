package dev.sluice.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.common.identity.MadeCertificate;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may come, asked of the real thing: its libraries and its files are there. */
final class AccessIT {

    static final String PASSWORDS = "modules = " + ShippedModulesIT.jar("basic-auth") + "\n";
    private static final String TOKENS = "modules = " + ShippedModulesIT.jar("jwt") + "\n";
    private static final String BCRYPT =
            "$2y$05$LL9Hz97XuYd0UKPmIR44Rem0y3/kzPgq/bboTexMi92p8AFkotuvm";
    private static final String SHA_CRYPT =
            "$5$saltsalt$0IyaXrmV7.sGNS6tirgqHLqX/G.FBvgkYA.lpPdS5sA";
    private static final String ARGON = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ"
            + "$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    private static String basic(String credentials) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(
                credentials.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void addressesAndPasswords() throws Exception {
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /outside]
                deny = 127.0.0.0/8
                return = 200
                [location s /shop]
                auth_basic = "the shop"
                auth_basic_user_file = @DIR@/users
                return = 200 "hello $remote_user"
                [location s /either]
                satisfy = any
                deny = 127.0.0.1
                auth_basic = "the shop"
                auth_basic_user_file = @DIR@/users
                return = 200 "in"
                [location s /or-inside]
                satisfy = any
                allow = 127.0.0.1
                auth_basic = "the shop"
                auth_basic_user_file = @DIR@/users
                return = 200 "in"
                """).file("users", "ann:" + BCRYPT + "\nbob:" + SHA_CRYPT + "\neve:" + ARGON + "\n")
                .main(PASSWORDS).start();
                var client = sluice.client()) {
            assertEquals(403, client.get("/outside").response().status());
            Response asked = client.get("/shop").response();
            assertEquals(401, asked.status());
            assertEquals("Basic realm=\"the shop\", charset=\"UTF-8\"",
                    asked.field("WWW-Authenticate"));
            for (String right : new String[] {"ann:secret", "bob:secret", "eve:password"}) {
                for (int i = 0; i < 2; i++) {
                    Response answer = client.request("GET /shop HTTP/1.1", "Host: h",
                            basic(right)).response();
                    assertEquals("hello " + right.substring(0, 3), answer.text());
                    assertNull(answer.field("WWW-Authenticate"));
                }
            }
            assertEquals(401, client.request("GET /shop HTTP/1.1", "Host: h",
                    basic("ann:hunter2")).response().status());
            assertEquals(401, client.get("/either").response().status());
            assertEquals("in", client.request("GET /either HTTP/1.1", "Host: h",
                    basic("ann:secret")).response().text());
            assertEquals("in", client.get("/or-inside").response().text());
            assertFalse(sluice.errorLog().contains("hunter2"));
        }
    }

    @Test
    void anotherServiceDecides() throws Exception {
        try (var peer = ScriptedUpstream.playing(talk -> {
                    while (talk.readRequest()) {
                        String head = talk.head();
                        if (!head.startsWith("GET /decide ")) {
                            talk.answer(200, head + new String(talk.body()));
                        } else if (head.contains("Cookie: id=7")) {
                            talk.send("HTTP/1.1 204 No Content\r\nX-User: ann\r\n"
                                    + "X-Seen: " + (head.contains("X-Original-URI: /app?q=1")
                                    && !head.contains("Content-Length")
                                    && !head.contains("Expect"))
                                    + "\r\n\r\n");
                        } else {
                            talk.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n"
                                    + "WWW-Authenticate: Bearer realm=x\r\n\r\nno");
                        }
                    }
                });
                var sluice = RunningSluice.with("""
                        [upstream app]
                        server = %s
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /app]
                        auth_request = /auth
                        auth_request_set = $user $upstream_http_x_user
                        auth_request_set = $seen $upstream_http_x_seen
                        proxy_pass = http://app
                        proxy_set_header = X-User "$user"
                        proxy_set_header = X-Seen "$seen"
                        set_header = X-Rule "of app" always
                        cors_allow_origin = https://a.example
                        [location s = /auth]
                        set_header = X-Rule "of auth" always
                        cors_allow_origin = *
                        proxy_pass = http://app/decide
                        proxy_set_header = X-Original-URI $request_uri
                        """.formatted(peer.address())).start();
                var client = sluice.client()) {
            for (int i = 0; i < 3; i++) {
                Response refused = client.request("GET /app HTTP/1.1", "Host: h",
                        "Origin: https://a.example").response();
                assertEquals(401, refused.status());
                assertEquals("of app", refused.field("X-Rule"));
                assertEquals("https://a.example",
                        refused.field("Access-Control-Allow-Origin"));
                assertEquals("Bearer realm=x", refused.field("WWW-Authenticate"));
                String passed = client.request("POST /app?q=1 HTTP/1.1", "Host: h",
                        "Cookie: id=7", "X-User: forged", "Content-Length: 8")
                        .send("the body").response().text();
                assertTrue(passed.endsWith("the body"), passed);
                assertTrue(passed.startsWith("POST /app?q=1 HTTP/1.1\n"), passed);
                assertTrue(passed.contains("\nX-User: ann\n"), passed);
                assertTrue(passed.contains("\nX-Seen: true\n"), passed);
                assertFalse(passed.contains("forged"), passed);
            }
        }
    }

    @Test
    void tokens() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        String keys = jwks(pair);
        String good = token(pair, "{\"sub\":\"ann\",\"exp\":4102444800}");
        String old = token(pair, "{\"sub\":\"ann\",\"exp\":1000000000}");
        try (var sluice = RunningSluice.with("""
                [server s]
                listen = 127.0.0.1:@PORT@
                [location s /me]
                auth_jwt = "API"
                auth_jwt_key_file = @DIR@/jwks.json
                return = 200 "hello $jwt_claim_sub"
                """).file("jwks.json", keys).main(TOKENS).start();
                var client = sluice.client()) {
            assertEquals("Bearer realm=\"API\"",
                    client.get("/me").response().field("WWW-Authenticate"));
            for (int i = 0; i < 2; i++) {
                assertEquals("hello ann", client.request("GET /me HTTP/1.1", "Host: h",
                        "Authorization: Bearer " + good).response().text());
            }
            Response refused = client.request("GET /me HTTP/1.1", "Host: h",
                    "Authorization: Bearer " + old).response();
            assertEquals(401, refused.status());
            assertEquals("Bearer realm=\"API\", error=\"invalid_token\"",
                    refused.field("WWW-Authenticate"));
            assertFalse(sluice.errorLog().contains(old.substring(0, 20)));
            ShortCommand.run("explain", "-c", sluice.configuration().toString(),
                    "GET http://127.0.0.1:" + sluice.port() + "/me")
                    .expect(0, "auth_jwt in authorize", "answer     200");
        }
    }

    /** Keys are fetched from whoever issues the tokens, over TLS, and again for one that is new. */
    @Test
    void tokensOfAnIssuerThatPublishesItsKeys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        String keys = jwks(pair);
        MadeCertificate issuers = Certificates.ofServer("localhost");
        String good = token(pair, "{\"sub\":\"ann\",\"aud\":\"shop\",\"exp\":4102444800}");
        String stranger = token(generator.generateKeyPair(),
                "{\"sub\":\"eve\",\"aud\":\"shop\",\"exp\":4102444800}");
        String elsewhere = token(pair, "{\"sub\":\"ann\",\"aud\":\"x\",\"exp\":4102444800}");
        try (var issuer = ScriptedUpstream.playing(Certificates.context(issuers), talk -> {
                    while (talk.readRequest()) {
                        talk.answer(200, keys);
                    }
                });
                var sluice = RunningSluice.with("""
                        [server s]
                        listen = 127.0.0.1:@PORT@
                        [location s /me]
                        auth_jwt = "API"
                        auth_jwt_key_url = https://localhost:%d/keys.json
                        auth_jwt_key_trusted = authorities.pem
                        auth_jwt_audience = shop
                        return = 200 "hello $jwt_claim_sub"
                        [location s /either]
                        satisfy = any
                        auth_jwt = "API"
                        auth_jwt_token = $cookie_token
                        auth_jwt_key_url = https://localhost:%<d/keys.json
                        auth_jwt_key_trusted = authorities.pem
                        auth_basic = "API"
                        auth_basic_user_file = @DIR@/users
                        return = 200 "in"
                        """.formatted(issuer.port())).file("users", "ann:" + BCRYPT + "\n")
                        .file("authorities.pem", issuers.pem())
                        .main(TOKENS + PASSWORDS).start();
                var client = sluice.client()) {
            Await.that("the keys are here", () -> client.request("GET /me HTTP/1.1", "Host: h",
                    "Authorization: Bearer " + good).response().text().equals("hello ann"));
            for (String bad : List.of(
                    stranger, elsewhere, good.substring(0, good.length() - 4))) {
                assertEquals(401, client.request("GET /me HTTP/1.1", "Host: h",
                        "Authorization: Bearer " + bad).response().status());
            }
            assertTrue(issuer.heads().getFirst().startsWith("GET /keys.json "));
            assertEquals("in", client.request("GET /either HTTP/1.1", "Host: h",
                    "Cookie: token=" + good).response().text());
            assertEquals("in", client.request("GET /either HTTP/1.1", "Host: h",
                    basic("ann:secret")).response().text());
            assertEquals(401, client.request("GET /either HTTP/1.1", "Host: h",
                    "Cookie: token=" + stranger, basic("ann:wrong")).response().status());
        }
    }

    private static String jwks(KeyPair pair) {
        ECPoint point = ((ECPublicKey) pair.getPublic()).getW();
        return "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"1\",\"x\":\""
                + number(point.getAffineX()) + "\",\"y\":\"" + number(point.getAffineY())
                + "\"}]}";
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** 32 bytes, whatever the number needs. */
    private static String number(BigInteger number) {
        byte[] plain = number.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(32, plain.length);
        System.arraycopy(plain, plain.length - length, fixed, 32 - length, length);
        return base64(fixed);
    }

    private static String token(KeyPair pair, String claims) throws Exception {
        String signed = base64("{\"alg\":\"ES256\",\"kid\":\"1\"}".getBytes(
                StandardCharsets.US_ASCII)) + "."
                + base64(claims.getBytes(StandardCharsets.US_ASCII));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(pair.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(signature.sign());
    }
}
