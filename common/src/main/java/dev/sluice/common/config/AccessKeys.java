package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.LOCATION;
import static dev.sluice.common.config.SectionKind.SERVER;
import static dev.sluice.common.config.SectionKind.STREAM;

import dev.sluice.common.config.AccessTypes.Satisfy;
import java.util.List;

/** The part of the table for who may come. Written at boot, then read-only. */
public final class AccessKeys {

    public static final ConfigKey<List<String>> ALLOW = ConfigKey.list(
            "allow", AddressTypes.NETWORKS,
            "Networks whose clients may come. The first allow or deny that matches decides, and a"
                    + " section's own list replaces the inherited one. A list of allow alone"
                    + " refuses everybody else; what another list does not name may come.",
            HTTP, SERVER, LOCATION, STREAM).shows("10.0.0.0/8 fd00::/8");

    public static final ConfigKey<List<String>> DENY = ConfigKey.list("deny", AddressTypes.NETWORKS,
            "Networks whose clients are answered 403, or nothing by a stream; see allow. An IPv4"
                    + " address inside an IPv6 one (::ffff:192.0.2.7) is the IPv4 address.",
            HTTP, SERVER, LOCATION, STREAM).shows("10.0.0.13", "all");

    public static final ConfigKey<Satisfy> SATISFY = ConfigKey.single("satisfy",
            new Scalars.Choice<>(Satisfy.class), "all",
            "Whether a request must pass all of allow and deny, auth_request, and what modules ask"
                    + " for, such as a password, or any of them.", HTTP, SERVER, LOCATION);

    public static final ConfigKey<String> AUTH_REQUEST = ConfigKey.single("auth_request",
            AccessTypes.AUTH_REQUEST, null,
            "Asks another location of the server, by a GET with the fields of the request and no"
                    + " body: 2xx lets it in, 401 and 403 do not, anything else is a 500. What that"
                    + " location says of fields of requests holds; its answer goes to nobody, so"
                    + " a refusal has the fields, and the cors_*, of the location that asked.",
            HTTP, SERVER, LOCATION).shows("/auth", "off");

    public static final ConfigKey<AuthRequestConfig.Assignment> AUTH_REQUEST_SET = ConfigKey.list(
            "auth_request_set", AccessTypes.ASSIGNMENT,
            "A variable that gets its value from the answer to auth_request. A section's own list"
                    + " replaces the inherited one.",
            HTTP, SERVER, LOCATION).shows("$user $upstream_http_x_user");

    static final List<ConfigKey<?>> ALL = List.of(ALLOW, DENY, SATISFY, AUTH_REQUEST,
            AUTH_REQUEST_SET);

    private AccessKeys() {
    }
}
