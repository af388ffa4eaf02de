package dev.sluice.common.config;

import java.util.List;

/**
 * Where a location opens tunnels to when it is asked by CONNECT (RFC 9110 section 9.3.6). Written
 * at boot, then read-only.
 *
 * @param targets of which one must allow what is asked for
 * @param bindAddress the local address of connections, a literal; null for the kernel's choice
 */
public record ConnectConfig(
        List<Target> targets,
        long connectTimeoutMs,
        long tunnelTimeoutMs,
        long tunnelPingMs,
        String bindAddress,
        ResolverConfig resolver) {

    public ConnectConfig {
        targets = List.copyOf(targets);
    }

    /** How a target names hosts. */
    public enum Kind {
        /** Every host. */
        ANY,
        /** One name. */
        NAME,
        /** All names below one: {@code .example.com}, with its first dot. */
        BELOW,
        /** Addresses: a network in CIDR form. */
        NETWORK
    }

    /**
     * Hosts and their ports.
     *
     * @param host a name in lower case, a network, or empty for every host
     */
    public record Target(Kind kind, String host, List<Ports> ports) {

        public Target {
            ports = List.copyOf(ports);
        }

        /** Whether the port is one of its ports. */
        public boolean hasPort(int port) {
            for (Ports range : ports) {
                if (port >= range.from && port <= range.to) {
                    return true;
                }
            }
            return false;
        }

        /** As it is written in a file. */
        String text() {
            StringBuilder text = new StringBuilder(switch (kind) {
                case ANY -> "*";
                case NAME -> host;
                case BELOW -> "*" + host;
                case NETWORK -> host.indexOf(':') < 0 ? host : "[" + host + "]";
            });
            char before = ':';
            for (Ports range : ports) {
                text.append(before).append(range.text());
                before = ',';
            }
            return text.toString();
        }
    }

    /** Both ends belong to it. */
    public record Ports(int from, int to) {

        static final Ports ALL = new Ports(1, 65535);

        String text() {
            return equals(ALL) ? "*" : from == to ? Integer.toString(from) : from + "-" + to;
        }
    }
}
