package dev.sluice.modules.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.module.HttpExchange;
import dev.sluice.module.ModuleLog;
import dev.sluice.module.Text;
import dev.sluice.module.Verdict;
import dev.sluice.modules.credentials.Authorization;
import dev.sluice.modules.credentials.Comparison;
import dev.sluice.modules.credentials.Finding;
import dev.sluice.modules.credentials.SideThread;
import dev.sluice.modules.credentials.Source;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Decides about the requests of locations with the same rules. Why a token is refused is told to
 * the log alone, and never with the token.
 *
 * <p>Owner: event loop; {@link TokenKeys} and their source belong to the side thread.
 */
final class Tokens {

    private static final String SCHEME = "bearer ";
    private static final int TOKEN_BYTES_MAX = 8 * 1024;
    /** A good token is not compared again for so long, or until it ends. */
    private static final long VALID_MS_MAX = 300_000;

    private final Rules rules;
    private final Text token;
    private final TokenKeys keys;
    private final Source source;
    private final InstantSource clock;
    private final Verdict missing;
    private final Verdict invalid;
    private final Comparison<Claims> comparison;

    /**
     * @param token null when it is in the Authorization field
     * @param admit told of each request that may come, and by which token
     */
    Tokens(Rules rules, Text token, TokenKeys keys, Source source, SideThread side,
            BiConsumer<HttpExchange, Claims> admit, ModuleLog log, InstantSource clock) {
        this.rules = rules;
        this.token = token;
        this.keys = keys;
        this.source = source;
        this.clock = clock;
        String challenge = "Bearer realm=\"" + rules.realm() + "\"";
        missing = Verdict.respond(401).with("WWW-Authenticate", challenge);
        invalid = Verdict.respond(401).with("WWW-Authenticate",
                challenge + ", error=\"invalid_token\"");
        comparison = new Comparison<>(source, side, this::prove, admit, log, clock);
    }

    Verdict decide(HttpExchange x) {
        byte[] credentials = credentials(x);
        return credentials == null ? missing : comparison.check(x, credentials);
    }

    private byte[] credentials(HttpExchange x) {
        if (token == null) {
            return Authorization.afterScheme(x, SCHEME, TOKEN_BYTES_MAX);
        }
        String found = x.text(token);
        return found.isEmpty() || found.length() > TOKEN_BYTES_MAX ? null
                : found.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** On the side thread. */
    private Finding<Claims> prove(byte[] credentials) {
        source.look();
        if (source.failure() != null) {
            return Finding.failed("keys of \"" + rules.keys() + "\" cannot be used: "
                    + source.failure());
        }
        try {
            SignedJWT jwt =
                    SignedJWT.parse(new String(credentials, StandardCharsets.ISO_8859_1));
            String wrong = wrong(jwt);
            return wrong == null ? good(jwt) : refused(wrong);
        } catch (ParseException e) {
            return refused("it cannot be read");
        } catch (JOSEException | GeneralSecurityException e) {
            return refused("its signature cannot be checked");
        }
    }

    private Finding<Claims> refused(String why) {
        return Finding.refused(invalid, "token refused: " + why);
    }

    /** Why a token does not count, null when it does. The signature goes before what is signed. */
    private String wrong(SignedJWT jwt)
            throws ParseException, JOSEException, GeneralSecurityException {
        JWSHeader header = jwt.getHeader();
        if (!rules.algorithms().contains(header.getAlgorithm().getName())) {
            return "its algorithm is not one of auth_jwt_algorithms";
        }
        if (header.getCriticalParams() != null) {
            // RFC 7515 §4.1.11: who does not know them must refuse, and none is known here.
            return "it has critical parameters";
        }
        if (!keys.haveSigned(jwt)) {
            source.miss();
            return "no key has signed it";
        }
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        for (String name : rules.required()) {
            if (claims.getClaim(name) == null) {
                return "its claim \"" + name + "\" is missing";
            }
        }
        long nowMs = clock.millis();
        Date ends = claims.getExpirationTime();
        if (ends != null && nowMs >= ends.getTime() + rules.leewayMs()) {
            return "it has expired";
        }
        Date begins = claims.getNotBeforeTime();
        if (begins != null && nowMs < begins.getTime() - rules.leewayMs()) {
            return "its time has not come";
        }
        if (rules.issuer() != null && !rules.issuer().equals(claims.getIssuer())) {
            return "its issuer is another";
        }
        List<String> audience = claims.getAudience();
        return rules.audiences().isEmpty()
                || !Collections.disjoint(rules.audiences(), audience)
                ? null : "its audience is another";
    }

    private Finding<Claims> good(SignedJWT jwt) throws ParseException {
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        long validMs = VALID_MS_MAX;
        Date ends = claims.getExpirationTime();
        if (ends != null) {
            validMs = Math.min(validMs,
                    ends.getTime() + rules.leewayMs() - clock.millis());
        }
        return Finding.good(Claims.of(jwt.getHeader().toBase64URL().decodeToString(),
                jwt.getPayload().toString()), validMs);
    }
}
