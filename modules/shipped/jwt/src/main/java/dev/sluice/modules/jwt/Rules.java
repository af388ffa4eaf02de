package dev.sluice.modules.jwt;

import dev.sluice.module.ModuleException;
import dev.sluice.module.Settings;
import dev.sluice.modules.credentials.Authorization;
import java.util.List;

/**
 * What a location asks of a token. Immutable.
 *
 * @param realm what the client is told that the token is for
 * @param token text with the token; null when it is in the Authorization field (RFC 6750)
 * @param keys where they come from
 * @param algorithms names of RFC 7518 and RFC 8037 that a token may be signed with
 * @param audiences of which a token must name one; empty when it does not matter
 * @param issuer that a token must name; null when it does not matter
 * @param leewayMs what clocks may differ
 * @param required claims that must be there
 */
record Rules(String realm, String token, KeyPlace keys, List<String> algorithms,
        List<String> audiences, String issuer, long leewayMs, List<String> required) {

    private static final List<String> KNOWN = List.of("RS256", "RS384", "RS512", "PS256", "PS384",
            "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384", "HS512");

    Rules {
        algorithms = List.copyOf(algorithms);
        audiences = List.copyOf(audiences);
        required = List.copyOf(required);
    }

    static Rules of(Settings settings) throws ModuleException {
        String token = settings.has("auth_jwt_token") ? settings.text("auth_jwt_token") : null;
        if (token != null && token.indexOf('$') < 0) {
            throw new ModuleException("\"auth_jwt_token\": \"" + token + "\" has no variable",
                    "it would be one for all clients: write $" + token);
        }
        List<String> algorithms = settings.list("auth_jwt_algorithms");
        for (String word : algorithms) {
            if (word.equalsIgnoreCase("none")) {
                throw new ModuleException("\"auth_jwt_algorithms\": \"" + word
                        + "\" would let everybody in", "expected some of "
                        + String.join(", ", KNOWN));
            }
            if (!KNOWN.contains(word)) {
                throw new ModuleException("\"auth_jwt_algorithms\": unknown word \"" + word + "\"",
                        "expected some of " + String.join(", ", KNOWN));
            }
        }
        return new Rules(Authorization.realm("auth_jwt", settings.text("auth_jwt")), token,
                KeyPlace.of(settings), algorithms,
                settings.has("auth_jwt_audience") ? settings.list("auth_jwt_audience") : List.of(),
                settings.has("auth_jwt_issuer") ? settings.text("auth_jwt_issuer") : null,
                settings.time("auth_jwt_leeway").toMillis(), settings.list("auth_jwt_require"));
    }
}
