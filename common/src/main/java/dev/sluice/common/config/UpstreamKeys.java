package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.UPSTREAM;

import java.util.List;

/**
 * The part of the table for how peers are found and looked after. Written at boot, then read-only.
 */
final class UpstreamKeys {

    static final ConfigKey<ResolverConfig> RESOLVER = ConfigKey.single("resolver",
            new ResolverType(), null,
            "Name servers for the names of peers, which are looked up again when an answer's time"
                    + " to live is over, or valid. Without it those of /etc/resolv.conf are asked."
                    + " /etc/hosts goes before both.",
            HTTP, UPSTREAM).shows("127.0.0.53 valid=30s ipv6=off timeout=5s");

    static final List<ConfigKey<?>> ALL = List.of(RESOLVER);

    private UpstreamKeys() {
    }
}
