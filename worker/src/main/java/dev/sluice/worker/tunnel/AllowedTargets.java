package dev.sluice.worker.tunnel;

import dev.sluice.common.config.ConnectConfig.Kind;
import dev.sluice.common.config.ConnectConfig.Target;
import java.net.InetAddress;
import java.util.List;

/**
 * The targets of a {@code connect_allow}. A name is asked about twice: before it is looked up, and
 * with each address that it has, since a name of anybody may lead into a private network.
 *
 * <p>Written at boot, then read-only.
 */
final class AllowedTargets {

    private final Target[] targets;
    /** Of the targets that are networks, in their places; null for others. */
    private final Network[] networks;

    AllowedTargets(List<Target> configured) {
        targets = configured.toArray(new Target[0]);
        networks = new Network[targets.length];
        for (int i = 0; i < targets.length; i++) {
            networks[i] = targets[i].kind() == Kind.NETWORK
                    ? Network.of(targets[i].host()) : null;
        }
    }

    /** Whether there is a chance that a tunnel is opened: to an address, or after a look-up. */
    boolean mayBegin(TargetHost host, int port) {
        return host.address() != null ? allows(null, host.address(), port)
                : !host.isDoubtful() && mayBe(host.name(), port);
    }

    /**
     * Whether a name may be looked up at all: only where an address of it could be allowed.
     *
     * @param host in lower case
     */
    boolean mayBe(String host, int port) {
        for (Target target : targets) {
            boolean fits = switch (target.kind()) {
                case ANY -> true;
                case NAME -> target.host().equals(host);
                // "*.example.com" has at least one label more.
                case BELOW -> host.length() > target.host().length()
                        && host.endsWith(target.host());
                case NETWORK -> false;
            };
            if (fits && target.hasPort(port)) {
                return true;
            }
        }
        return false;
    }

    /** @param host the name that has the address, in lower case; null for an address alone */
    boolean allows(String host, InetAddress address, int port) {
        byte[] bytes = address.getAddress();
        boolean isPublic = PublicAddress.is(bytes);
        for (int i = 0; i < targets.length; i++) {
            Target target = targets[i];
            boolean fits = switch (target.kind()) {
                case ANY -> isPublic;
                case NAME -> target.host().equals(host);
                case BELOW -> host != null && isPublic && host.endsWith(target.host());
                case NETWORK -> networks[i].holds(bytes);
            };
            if (fits && target.hasPort(port)) {
                return true;
            }
        }
        return false;
    }
}
