package dev.sluice.common.config;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * How names of peers are looked up. No servers means those of resolv.conf(5), which is read again
 * when it changes; {@code validMs} 0 means as long as each answer says. Written at boot, then
 * read-only.
 */
public record ResolverConfig(
        List<InetSocketAddress> servers,
        long validMs,
        boolean ipv4,
        boolean ipv6,
        long timeoutMs) {

    public static final long TIMEOUT_DEFAULT_MS = 5_000;
    /** The servers of the system, both families. */
    public static final ResolverConfig SYSTEM =
            new ResolverConfig(List.of(), 0, true, true, TIMEOUT_DEFAULT_MS);

    public ResolverConfig {
        servers = List.copyOf(servers);
    }
}
