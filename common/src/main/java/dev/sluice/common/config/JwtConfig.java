package dev.sluice.common.config;

import java.util.List;

/**
 * A signed token (RFC 7519) decides who may come. Written at boot, then read-only.
 *
 * @param realm what the client is told that the token is for
 * @param token template of the token; null when it is in the Authorization field (RFC 6750)
 * @param keyFile absolute path of a JWK set (RFC 7517); null when there is a URL
 * @param keyUrl where a JWK set is fetched; null when there is a file
 * @param keyAuthorities absolute path of those who may sign for the host of the URL, in PEM
 * @param refreshMs how long what was fetched counts
 * @param algorithms names of RFC 7518 and RFC 8037 that a token may be signed with
 * @param audiences of which a token must name one; empty when it does not matter
 * @param issuer that a token must name; null when it does not matter
 * @param leewayMs what clocks may differ
 * @param required claims that must be there
 */
public record JwtConfig(String realm, String token, String keyFile, String keyUrl,
        String keyAuthorities, long refreshMs, List<String> algorithms,
        List<String> audiences, String issuer, long leewayMs, List<String> required) {

    public JwtConfig {
        algorithms = List.copyOf(algorithms);
        audiences = List.copyOf(audiences);
        required = List.copyOf(required);
    }
}
