package dev.sluice.common.config;

import java.util.List;

/**
 * How the peers of an upstream are checked. A body of null is not looked at; a host of null means
 * the peer's own, a port of 0 its own port; a service, perhaps empty, means that it is asked by
 * gRPC's own protocol of checks, else it is null; {@code mandatory} holds a peer down until its
 * first checks have passed. Written at boot, then read-only.
 */
public record HealthCheckConfig(
        boolean tcp,
        String method,
        String path,
        String host,
        int port,
        long intervalMs,
        long jitterMs,
        long timeoutMs,
        int rise,
        int fall,
        List<StatusRange> expect,
        String body,
        boolean mandatory,
        String grpcService) {

    /** From the first to the last status, both included. */
    public record StatusRange(int first, int last) {}

    public HealthCheckConfig {
        expect = List.copyOf(expect);
    }

    public boolean grpc() {
        return grpcService != null;
    }

    /** Whether a status is good. */
    public boolean expects(int status) {
        for (StatusRange range : expect) {
            if (status >= range.first && status <= range.last) {
                return true;
            }
        }
        return false;
    }
}
