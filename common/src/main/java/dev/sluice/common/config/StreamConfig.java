package dev.sluice.common.config;

import java.util.List;

/**
 * Connections that are passed on as they come. Of {@code proxy} the head, its time and the like
 * mean nothing here. Written at boot, then read-only.
 *
 * @param timeoutMs how long nothing may move in either direction
 * @param splice whether bytes may stay in the kernel where neither side has TLS
 * @param preread whether the hello of a client is looked at
 * @param openingMs how long a client may take for that, and for a PROXY header
 * @param responses datagrams that answer one of a client's; below zero when nobody knows
 * @param datagramSessionsMax clients of datagrams at once, of one worker
 * @param rules who may come; the first that matches decides, nobody is refused by none
 * @param trusted whose PROXY headers are believed
 * @param tls null where no address has ssl
 */
public record StreamConfig(
        SourceLine at,
        String name,
        List<ListenConfig> listens,
        ProxyConfig proxy,
        long timeoutMs,
        boolean splice,
        boolean preread,
        long openingMs,
        int responses,
        int datagramSessionsMax,
        List<AccessRule> rules,
        List<String> trusted,
        List<AccessLogConfig> accessLogs,
        ServerTlsConfig tls) {

    public StreamConfig {
        listens = List.copyOf(listens);
        rules = List.copyOf(rules);
        trusted = List.copyOf(trusted);
        accessLogs = List.copyOf(accessLogs);
    }
}
