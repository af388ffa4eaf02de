package dev.sluice.common.config;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One address of an upstream. The text, as written, is its label in logs and metrics. Either host
 * and port are set or unixPath; maxFails 0 never counts failures, maxConns 0 sets no
 * limit, slowStartMs 0 gives the whole weight at once. {@code addressesMax} above 0 makes each
 * address of the host a peer of its own, at most so many; {@code service} is the name of SRV
 * records that give addresses, ports and weights, else null.
 * Written at boot, then read-only.
 */
public record PeerConfig(
        SourceLine at,
        String text,
        String host,
        int port,
        String unixPath,
        int weight,
        int maxFails,
        long failTimeoutMs,
        int maxConns,
        boolean backup,
        boolean down,
        long slowStartMs,
        boolean drain,
        int addressesMax,
        String service) {

    /** Whether the address is a name, so that it has to be looked up. */
    public boolean named() {
        return host != null && IpLiteral.parse(host) == null;
    }

    /**
     * Names of the places that its addresses have, among all workers: the text, or with
     * {@code resolve} a number behind it. SRV records of lower priority have places of their own.
     */
    public List<String> places() {
        if (addressesMax == 0) {
            return List.of(text);
        }
        int count = service != null && !backup ? 2 * addressesMax : addressesMax;
        return IntStream.range(0, count).mapToObj(i -> text + "#" + i).toList();
    }
}
