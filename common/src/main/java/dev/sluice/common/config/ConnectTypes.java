package dev.sluice.common.config;

import dev.sluice.common.config.ConnectConfig.Kind;
import dev.sluice.common.config.ConnectConfig.Ports;
import dev.sluice.common.config.ConnectConfig.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The types of values that say where tunnels may lead. */
final class ConnectTypes {

    private ConnectTypes() {
    }

    /** Hosts, each with its ports. */
    static final class Targets implements ValueType<List<Target>> {

        @Override
        public String name() {
            return "targets";
        }

        @Override
        public String form() {
            return "targets HOST:PORTS, where HOST is a name, *.DOMAIN, an address, a network or *,"
                    + " and PORTS are such as 443 or 80,8000-8999 or *";
        }

        @Override
        public List<Target> parse(Value value) throws BadValue {
            List<Target> targets = new ArrayList<>();
            for (String word : value.words()) {
                targets.add(target(word));
            }
            return targets;
        }

        private static Target target(String word) throws BadValue {
            int close = word.startsWith("[") ? word.indexOf("]:") : -1;
            int colon = close >= 0 ? close + 1 : word.indexOf(':');
            if (colon <= 0 || close < 0 && colon != word.lastIndexOf(':')) {
                throw new BadValue("\"" + word + "\" is no target", word.indexOf(':') < 0
                        ? "say which ports: " + word + ":443"
                        : "an IPv6 address stands in brackets: [2001:db8::1]:443");
            }
            List<Ports> ports = ports(word.substring(colon + 1));
            String host = word.substring(0, colon).toLowerCase(Locale.ROOT);
            if (close >= 0) {
                return network(word, host.substring(1, close), ports);
            }
            if (host.equals("*")) {
                return new Target(Kind.ANY, "", ports);
            }
            if (host.startsWith("*.")) {
                HostPort.checkName(host.substring(2));
                return new Target(Kind.BELOW, host.substring(1), ports);
            }
            if (host.indexOf('/') >= 0 || IpLiteral.parse(host) != null) {
                return network(word, host, ports);
            }
            HostPort.checkName(host);
            return new Target(Kind.NAME, host, ports);
        }

        private static Target network(String word, String text, List<Ports> ports)
                throws BadValue {
            boolean named = text.equals(AccessRule.ALL) || text.equals(AccessRule.UNIX);
            if (named) {
                throw new BadValue("\"" + word + "\" is no target");
            }
            return new Target(Kind.NETWORK, AddressTypes.networks(List.of(text)).getFirst(),
                    ports);
        }

        private static List<Ports> ports(String text) throws BadValue {
            if (text.equals("*")) {
                return List.of(Ports.ALL);
            }
            List<Ports> ports = new ArrayList<>();
            for (String one : text.split(",", -1)) {
                int dash = one.indexOf('-');
                int from = HostPort.port(dash < 0 ? one : one.substring(0, dash), 1);
                int to = dash < 0 ? from : HostPort.port(one.substring(dash + 1), 1);
                if (to < from) {
                    throw new BadValue("the ports \"" + one + "\" end before they begin");
                }
                ports.add(new Ports(from, to));
            }
            return ports;
        }

        @Override
        public String effective(Value value, List<Target> parsed) {
            return parsed.stream().map(Target::text).collect(Collectors.joining(" "));
        }
    }
}
