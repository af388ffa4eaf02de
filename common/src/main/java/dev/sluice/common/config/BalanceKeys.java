package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.UPSTREAM;

import java.util.List;

/** The part of the table for choosing a peer. Written at boot, then read-only. */
public final class BalanceKeys {

    public static final ConfigKey<BalanceConfig> BALANCE = ConfigKey.single("balance",
            BalanceTypes.BALANCE, "round_robin",
            "How the next peer is chosen; weights count in all methods. ewma: the least of mean"
                    + " time times requests. ip_hash takes /24 of IPv4, /64 of IPv6. hash: a peer"
                    + " above bound percent of its even share passes keys on. module NAME: what a"
                    + " drop-in module brings, with a key if it takes one.",
            UPSTREAM).shows("least_conn", "hash $cookie_user consistent bound=125");

    public static final ConfigKey<StickyConfig> STICKY = ConfigKey.single("sticky",
            BalanceTypes.STICKY, "off",
            "Brings a client back to its peer by a cookie that names the peer by a digest. While"
                    + " that peer cannot serve another one does.",
            UPSTREAM).shows("cookie srv expires=1h path=/ httponly secure samesite=lax");

    public static final ConfigKey<QueueConfig> QUEUE = ConfigKey.single("queue",
            BalanceTypes.QUEUE, "off",
            "How many requests of a worker may wait, and how long, while every peer that serves is"
                    + " at its max_conns. First come, first served; what waits too long, or finds"
                    + " the queue full, is answered with 503 and Retry-After.",
            UPSTREAM).shows("1024 timeout=5s");

    public static final ConfigKey<CircuitConfig> CIRCUIT = ConfigKey.single("circuit",
            BalanceTypes.CIRCUIT, "off",
            "After how many failures in a row, of all peers and workers together, the upstream is"
                    + " left alone, and for how long. Requests are answered with 503 and"
                    + " Retry-After meanwhile. Then one is let through: what comes of it decides."
                    + " A failure is what max_fails counts.",
            UPSTREAM).shows("20 open=10s");

    static final List<ConfigKey<?>> ALL = List.of(BALANCE, STICKY, QUEUE, CIRCUIT);

    private BalanceKeys() {
    }
}
