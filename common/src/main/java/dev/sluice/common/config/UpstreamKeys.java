package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.UPSTREAM;

import java.util.List;

/**
 * The part of the table for how peers are found and looked after. Written at boot, then read-only.
 */
public final class UpstreamKeys {

    public static final ConfigKey<ResolverConfig> RESOLVER = ConfigKey.single("resolver",
            new ResolverType(), null,
            "Name servers for the names of peers, which are looked up again when an answer's time"
                    + " to live is over, or valid. Without it those of /etc/resolv.conf are asked."
                    + " /etc/hosts goes before both.",
            HTTP, UPSTREAM).shows("127.0.0.53 valid=30s ipv6=off timeout=5s");

    static final ConfigKey<HealthCheckConfig> HEALTH_CHECK = ConfigKey.single("health_check",
            new HealthCheckType(), null,
            "Asks every peer, from one worker for all. After fall failures in a row it gets no"
                    + " requests until rise checks have passed; mandatory waits for the first"
                    + " ones, too. body is looked for in the first 16k of the answer.",
            UPSTREAM).shows("/healthz interval=5s timeout=3s rise=2 fall=3 expect=200-399");

    static final List<ConfigKey<?>> ALL = List.of(RESOLVER, HEALTH_CHECK);

    private UpstreamKeys() {
    }
}
