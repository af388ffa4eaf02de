package dev.sluice.common.config;

/**
 * The client's side of an exchange. maxBodyBytes 0 sets no limit, keepaliveTimeoutMs 0 closes
 * after every answer, minRateBytesPerSecond 0 asks for no rate. ignoresAbort: a client that closes
 * its side is not taken for one that leaves. Written at boot, then read-only.
 */
public record ClientConfig(
        long bodyTimeoutMs,
        int minRateBytesPerSecond,
        long sendTimeoutMs,
        long keepaliveTimeoutMs,
        int keepaliveRequests,
        long maxBodyBytes,
        long lingeringTimeoutMs,
        boolean ignoresAbort,
        String contentTypeDefault) {
}
