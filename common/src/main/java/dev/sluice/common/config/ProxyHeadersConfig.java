package dev.sluice.common.config;

import java.util.List;

/**
 * Which fields pass between a client and a peer. Written at boot, then read-only.
 *
 * @param set of the request, in place of the client's; an empty value only removes
 * @param add of the request, beside the client's
 * @param passRequest whether the client's fields are forwarded at all
 * @param passForwarded whether what every client says of forwarding is believed
 * @param forwarded the fields by which a peer is told of the client's connection
 * @param certificate what a peer is told of the client's certificate
 * @param hide of the answer: names that clients do not get
 * @param pass of the answer: names that they get although they are hidden
 * @param redirects rules for Location and Refresh; the first that fits is taken
 */
public record ProxyHeadersConfig(
        List<HeaderRule> set,
        List<HeaderRule> add,
        boolean passRequest,
        boolean passForwarded,
        Forwarded forwarded,
        List<CertForward> certificate,
        List<String> hide,
        List<String> pass,
        List<RedirectConfig> redirects,
        List<CookieRuleConfig> cookieDomains,
        List<CookieRuleConfig> cookiePaths) {

    /** {@code BOTH} is X-Forwarded-* and the Forwarded of RFC 7239. */
    public enum Forwarded {
        X_FORWARDED, RFC7239, BOTH, OFF;

        public boolean hasXForwarded() {
            return this == X_FORWARDED || this == BOTH;
        }

        public boolean hasRfc7239() {
            return this == RFC7239 || this == BOTH;
        }
    }

    public ProxyHeadersConfig {
        set = List.copyOf(set);
        add = List.copyOf(add);
        certificate = List.copyOf(certificate);
        hide = List.copyOf(hide);
        pass = List.copyOf(pass);
        redirects = List.copyOf(redirects);
        cookieDomains = List.copyOf(cookieDomains);
        cookiePaths = List.copyOf(cookiePaths);
    }
}
