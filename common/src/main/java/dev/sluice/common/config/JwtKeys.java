package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.LOCATION;
import static dev.sluice.common.config.SectionKind.SERVER;

import java.util.List;

/** The part of the table for signed tokens. Written at boot, then read-only. */
public final class JwtKeys {

    public static final ConfigKey<JwtTypes.Place> AUTH_JWT = ConfigKey.single("auth_jwt",
            JwtTypes.PLACE, null,
            "Asks for a signed token (JWT) in Authorization: Bearer, or where token= says. Its"
                    + " claims are variables: $jwt_claim_sub, $jwt_header_kid.",
            HTTP, SERVER, LOCATION).shows("\"API\"", "\"API\" token=$cookie_auth", "off");

    public static final ConfigKey<String> KEY_FILE = ConfigKey.single("auth_jwt_key_file",
            Scalars.PATH, null,
            "The keys that sign tokens: a JWK set (RFC 7517). A changed file counts within"
                    + " seconds.", HTTP, SERVER, LOCATION).shows("/etc/sluice/jwks.json");

    public static final ConfigKey<JwtTypes.KeyUrl> KEY_URL = ConfigKey.single("auth_jwt_key_url",
            JwtTypes.KEY_URL, null,
            "Where the JWK set is fetched, anew after refresh and when a token names a key that is"
                    + " not there. The last good one stays when a fetch fails. trusted names the"
                    + " authorities, in PEM, that may sign the certificate of the host; without"
                    + " it " + TransportKeys.SYSTEM_AUTHORITIES + ".",
            HTTP, SERVER, LOCATION).shows("https://login.example.com/jwks.json refresh=1h",
                    "https://sso.internal/keys trusted=/etc/sluice/tls/internal-ca.crt");

    public static final ConfigKey<List<String>> ALGORITHMS = ConfigKey.single("auth_jwt_algorithms",
            JwtTypes.ALGORITHMS, JwtTypes.ALGORITHMS_DEFAULT,
            "What tokens may be signed with. HS256, HS384 and HS512, whose key is a secret, only"
                    + " where they are named.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<List<String>> AUDIENCE = ConfigKey.single("auth_jwt_audience",
            Scalars.WORDS, null, "The audiences of which a token must name one; without it any"
                    + " will do.", HTTP, SERVER, LOCATION).shows("shop api.example.com");

    public static final ConfigKey<String> ISSUER = ConfigKey.single("auth_jwt_issuer",
            Scalars.TEXT, null, "The issuer that a token must name; without it any will do.",
            HTTP, SERVER, LOCATION).shows("https://login.example.com");

    public static final ConfigKey<Long> LEEWAY = ConfigKey.single("auth_jwt_leeway",
            new Scalars.Time(0, 3_600_000), "0s",
            "How far the clocks of issuer and server may differ in exp and nbf.",
            HTTP, SERVER, LOCATION);

    public static final ConfigKey<List<String>> REQUIRE = ConfigKey.single("auth_jwt_require",
            Scalars.WORDS, "exp", "The claims that a token must have, whatever they say.",
            HTTP, SERVER, LOCATION);

    static final List<ConfigKey<?>> ALL = List.of(AUTH_JWT, KEY_FILE, KEY_URL, ALGORITHMS, AUDIENCE,
            ISSUER, LEEWAY, REQUIRE);

    private JwtKeys() {
    }
}
