package dev.sluice.worker.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.common.clock.Clock;
import dev.sluice.common.config.JwtConfig;
import dev.sluice.common.log.Level;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.VerifiedToken;
import dev.sluice.worker.loop.Offload;
import dev.sluice.worker.variables.Template;
import dev.sluice.worker.variables.WorkerScope;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code auth_jwt}: a signed token (RFC 7519, RFC 8725) in the Authorization field (RFC 6750) or
 * where a template finds it. Why one is refused is told to the log alone, and never with the token.
 *
 * <p>Owner: event loop; {@link TokenKeys} and their source belong to the side thread.
 */
final class TokenCheck extends SlowCheck<VerifiedToken> {

    private static final byte[] SCHEME = "bearer ".getBytes(StandardCharsets.US_ASCII);
    private static final int TOKEN_BYTES_MAX = 8 * 1024;
    /** A good token is not compared again for so long, or until it ends. */
    private static final long VALID_MS_MAX = 300_000;
    private static final long NS_PER_MS = 1_000_000;

    private final JwtConfig config;
    private final TokenKeys keys;
    private final Source source;
    private final Clock clock;
    private final Template token;
    private final WorkerScope scope;
    private final Denial missing;
    private final byte[] invalid;

    TokenCheck(JwtConfig config, WorkerScope scope, Offload offload, Clock clock) {
        this(config, scope, new TokenKeys(), offload, clock);
    }

    private TokenCheck(JwtConfig config, WorkerScope scope, TokenKeys keys, Offload offload,
            Clock clock) {
        this(config, scope, keys, source(config, keys, clock), offload, clock);
    }

    private TokenCheck(JwtConfig config, WorkerScope scope, TokenKeys keys, Source source,
            Offload offload, Clock clock) {
        super(source, offload);
        this.config = config;
        this.keys = keys;
        this.source = source;
        this.clock = clock;
        this.scope = scope;
        token = config.token() == null ? null : Template.compile(config.token(), scope);
        String challenge = "Bearer realm=\"" + config.realm() + "\"";
        missing = new Denial(401, challenge.getBytes(StandardCharsets.US_ASCII), null, null, null);
        invalid = (challenge + ", error=\"invalid_token\"").getBytes(StandardCharsets.US_ASCII);
    }

    private static Source source(JwtConfig config, TokenKeys keys, Clock clock) {
        return config.keyUrl() == null ? new KeyFile(config.keyFile(), keys, clock)
                : new KeyUrl(config.keyUrl(), config.keyAuthorities(),
                        config.refreshMs() * NS_PER_MS, keys, clock);
    }

    @Override
    byte[] credentials(Exchange x) {
        if (token == null) {
            return afterScheme(x, SCHEME, TOKEN_BYTES_MAX);
        }
        ByteSink out = scope.scratch();
        int from = out.position();
        token.append(x, out);
        int length = out.position() - from;
        if (length == 0 || length > TOKEN_BYTES_MAX) {
            return null;
        }
        byte[] found = new byte[length];
        out.buffer().get(from, found);
        return found;
    }

    @Override
    Denial missing() {
        return missing;
    }

    @Override
    void admit(Exchange x, VerifiedToken value) {
        x.token = value;
    }

    @Override
    Finding<VerifiedToken> prove(byte[] credentials) {
        source.look();
        if (source.failure() != null) {
            return Finding.no(new Denial(500, null, Level.ERROR, "keys of \""
                    + (config.keyUrl() == null ? config.keyFile() : config.keyUrl())
                    + "\" cannot be used", source.failure()));
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

    private Finding<VerifiedToken> refused(String why) {
        return Finding.no(new Denial(401, invalid, Level.WARN, "token refused", why));
    }

    /** Why a token does not count, null when it does. The signature goes before what is signed. */
    private String wrong(SignedJWT jwt)
            throws ParseException, JOSEException, GeneralSecurityException {
        JWSHeader header = jwt.getHeader();
        if (!config.algorithms().contains(header.getAlgorithm().getName())) {
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
        for (String name : config.required()) {
            if (claims.getClaim(name) == null) {
                return "its claim \"" + name + "\" is missing";
            }
        }
        long nowMs = clock.nowMs();
        Date ends = claims.getExpirationTime();
        if (ends != null && nowMs >= ends.getTime() + config.leewayMs()) {
            return "it has expired";
        }
        Date begins = claims.getNotBeforeTime();
        if (begins != null && nowMs < begins.getTime() - config.leewayMs()) {
            return "its time has not come";
        }
        if (config.issuer() != null && !config.issuer().equals(claims.getIssuer())) {
            return "its issuer is another";
        }
        List<String> audience = claims.getAudience();
        return config.audiences().isEmpty()
                || !Collections.disjoint(config.audiences(), audience)
                ? null : "its audience is another";
    }

    private Finding<VerifiedToken> good(SignedJWT jwt) throws ParseException {
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        long validMs = VALID_MS_MAX;
        Date ends = claims.getExpirationTime();
        if (ends != null) {
            validMs = Math.min(validMs,
                    ends.getTime() + config.leewayMs() - clock.nowMs());
        }
        return new Finding<>(new VerifiedToken(texts(jwt.getHeader().toJSONObject()),
                texts(jwt.getPayload().toJSONObject())), validMs * NS_PER_MS, null);
    }

    private static Map<String, byte[]> texts(Map<String, Object> json) {
        Map<String, byte[]> texts = new HashMap<>();
        json.forEach((name, value) -> {
            String text = text(value);
            if (text != null) {
                texts.put(name, text.getBytes(StandardCharsets.UTF_8));
            }
        });
        return texts;
    }

    /** Elements of a list are separated by commas; what is more than that has no text. */
    private static String text(Object value) {
        if (value instanceof List<?> list) {
            StringBuilder all = new StringBuilder();
            for (Object one : list) {
                if (one == null || one instanceof List || one instanceof Map) {
                    return null;
                }
                all.append(all.isEmpty() ? "" : ",").append(one);
            }
            return all.toString();
        }
        return value == null || value instanceof Map ? null : value.toString();
    }
}
