package dev.sluice.common.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The type of {@code resolver}. Stateless. */
final class ResolverType implements ValueType<ResolverConfig> {

    private static final List<String> OPTIONS = List.of("valid=", "ipv4=", "ipv6=", "timeout=");
    private static final int DNS_PORT = 53;
    private static final int SERVERS_MAX = 8;

    @Override
    public String name() {
        return "name servers";
    }

    @Override
    public String form() {
        return "up to " + SERVERS_MAX + " of ADDRESS[:PORT], then valid=TIME ipv4=on ipv6=on"
                + " timeout=" + Millis.format(ResolverConfig.TIMEOUT_DEFAULT_MS);
    }

    @Override
    public ResolverConfig parse(Value value) throws BadValue {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        for (String word : value.words()) {
            if (word.indexOf('=') >= 0 || !rest.isEmpty()) {
                rest.add(word);
            } else {
                servers.add(server(word));
            }
        }
        if (servers.size() > SERVERS_MAX) {
            throw new BadValue("more than " + SERVERS_MAX + " name servers");
        }
        Options options = Options.of(rest, OPTIONS, List.of("status_zone"));
        boolean ipv4 = options.flag("ipv4=", true);
        boolean ipv6 = options.flag("ipv6=", true);
        if (!ipv4 && !ipv6) {
            throw new BadValue("with ipv4=off and ipv6=off no name has an address");
        }
        return new ResolverConfig(servers, options.millis("valid=", 1_000, 86_400_000, 0), ipv4,
                ipv6, options.millis("timeout=", 10, 60_000, ResolverConfig.TIMEOUT_DEFAULT_MS));
    }

    /** A name would have to be looked up first. */
    private static InetSocketAddress server(String word) throws BadValue {
        HostPort at = HostPort.parse(word, 1);
        if (!at.literal()) {
            throw new BadValue("\"" + at.host() + "\" is not a literal address",
                    "write the address of the name server, for instance 127.0.0.53");
        }
        return new InetSocketAddress(
                InetAddress.ofLiteral(at.host()), at.port() < 0 ? DNS_PORT : at.port());
    }
}
