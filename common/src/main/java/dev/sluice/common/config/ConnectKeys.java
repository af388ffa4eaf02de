package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.LOCATION;

import dev.sluice.common.config.ConnectConfig.Target;
import dev.sluice.common.config.LocationConfig.Match;
import java.util.List;

/** The part of the table for CONNECT. Written at boot, then read-only. */
public final class ConnectKeys {

    public static final ConfigKey<List<Target>> CONNECT_ALLOW = ConfigKey.list("connect_allow",
            new ConnectTypes.Targets(),
            "Opens tunnels (CONNECT) to these targets, and to no other; a location without it"
                    + " answers 405. CONNECT has no path and comes to the location that has /. A"
                    + " name is looked up by the resolver of [http]. Addresses of this machine and"
                    + " of private networks are refused, but for those that a network, or the"
                    + " whole name, is given of here.",
            LOCATION).shows("*.example.com:443 api.example.net:443,8443",
                    "*:443 [fd00::/8]:1-65535 10.0.0.0/8:*");

    static final List<ConfigKey<?>> ALL = List.of(CONNECT_ALLOW);

    private ConnectKeys() {
    }

    /** Null where the location opens no tunnels. */
    static ConnectConfig check(Scope location, Match match, String pattern, Problems problems) {
        if (!location.has(CONNECT_ALLOW)) {
            return null;
        }
        boolean reached = match == Match.REGEX || match == Match.REGEX_NOCASE
                || pattern.equals("/");
        if (!reached) {
            problems.error(location.own(CONNECT_ALLOW).getFirst().value().at(),
                    "\"connect_allow\" has no meaning in " + location.title(),
                    "CONNECT has no path: write it into the location that has /");
        }
        String bind = location.value(TransportKeys.PROXY_BIND);
        ResolverConfig resolver = location.given(UpstreamKeys.RESOLVER);
        return new ConnectConfig(
                location.ownValues(CONNECT_ALLOW).stream().flatMap(List::stream).toList(),
                location.value(ProxyKeys.PROXY_CONNECT_TIMEOUT),
                location.value(ProxyKeys.PROXY_TUNNEL_TIMEOUT),
                location.value(ProxyKeys.PROXY_TUNNEL_PING),
                bind.isEmpty() ? null : bind,
                resolver == null ? ResolverConfig.SYSTEM : resolver);
    }
}
