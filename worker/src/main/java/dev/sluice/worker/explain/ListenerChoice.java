package dev.sluice.worker.explain;

import dev.sluice.common.config.ListenConfig;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which listener a connection comes to. An address in the URL is looked for as the kernel does it:
 * the socket of that address goes before the one of all addresses of its family ({@code [::]} takes
 * no IPv4 here). The address of a name is not asked for: {@code localhost} is the loopback, for
 * others the listener of all addresses goes before those of single ones. Stateless.
 */
final class ListenerChoice {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress LOOPBACK_6 = InetAddress.ofLiteral("::1");

    /** How well a listener fits; of equal ones the first of the file is taken. */
    private static final int NOT = 0;
    private static final int PORT_ONLY = 1;
    private static final int ANY_ADDRESS = 2;
    private static final int EXACT = 3;

    private ListenerChoice() {
    }

    /** Index of the listener; -1 for none, of which {@link #whyNone} tells. */
    static int of(List<ListenConfig> listens, Asked asked) {
        if (asked.listen() != null) {
            return listens.stream().map(ListenConfig::key).toList().indexOf(asked.listen());
        }
        int found = connected(listens, asked);
        return found >= 0 && speaks(listens.get(found), asked) ? found : -1;
    }

    /** What is wrong where there is no listener, and behind a line's end the cure. */
    static String whyNone(List<ListenConfig> listens, Asked asked) {
        String all = listens.stream().filter(one -> !one.udp()).map(ListenConfig::key)
                .collect(Collectors.joining(", "));
        if (asked.listen() != null) {
            return "nothing listens at " + asked.listen() + "\nthe file has " + all;
        }
        int found = connected(listens, asked);
        if (found >= 0) {
            return listens.get(found).key() + (asked.secure() ? " has no TLS\nask for http://"
                    : " has TLS alone\nask for https://") + ", or choose with --listen of " + all;
        }
        return "nothing listens at " + (addressOf(asked) == null ? "port " : asked.to() + ":")
                + asked.port() + "\nthe file has " + all;
    }

    /** Without a look at TLS, unless it is what tells listeners apart. */
    private static int connected(List<ListenConfig> listens, Asked asked) {
        InetAddress address = addressOf(asked);
        int found = best(listens, asked, address, address == null);
        if (found < 0) {
            found = best(listens, asked, address == LOOPBACK ? LOOPBACK_6 : address, false);
        }
        return found;
    }

    private static int best(List<ListenConfig> listens, Asked asked, InetAddress address,
            boolean speaking) {
        int best = -1;
        int bestFit = NOT;
        for (int i = 0; i < listens.size(); i++) {
            int fit = fit(listens.get(i), asked.port(), address);
            if (fit > bestFit && (!speaking || speaks(listens.get(i), asked))) {
                best = i;
                bestFit = fit;
            }
        }
        return best;
    }

    /** @param port 0 for any */
    private static int fit(ListenConfig one, int port, InetAddress address) {
        if (one.udp() || port != 0 && (one.port() != port || one.host() == null)) {
            return NOT;
        }
        if (one.host() == null) {
            return PORT_ONLY;
        }
        InetAddress own = InetAddress.ofLiteral(one.host());
        if (address == null) {
            return own.isAnyLocalAddress() && port != 0 ? ANY_ADDRESS : PORT_ONLY;
        }
        boolean holds = own.isAnyLocalAddress() && own.getClass() == address.getClass();
        return own.equals(address) ? EXACT : holds ? ANY_ADDRESS : NOT;
    }

    private static boolean speaks(ListenConfig one, Asked asked) {
        return one.auto() || one.ssl() == asked.secure();
    }

    /** What a connection for this has at its end here, at a listener that was found for it. */
    static String localAddress(ListenConfig at, Asked asked) {
        InetAddress address = addressOf(asked);
        if (at.host() == null) {
            return "unix:";
        }
        if (address == null || !InetAddress.ofLiteral(at.host()).isAnyLocalAddress()) {
            return at.host();
        }
        return address instanceof Inet4Address ? address.getHostAddress() : unbracketed(asked);
    }

    /** What the URL names; null for a name whose address is not known. */
    private static InetAddress addressOf(Asked asked) {
        String to = asked.to();
        if (to.equalsIgnoreCase("localhost")) {
            return LOOPBACK;
        }
        try {
            return InetAddress.ofLiteral(unbracketed(asked));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String unbracketed(Asked asked) {
        return asked.to().replaceAll("[\\[\\]]", "");
    }
}
