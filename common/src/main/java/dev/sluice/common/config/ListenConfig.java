package dev.sluice.common.config;

/**
 * One address to listen on: a literal IP address and a port, or the path of a unix socket. Port 0
 * lets the kernel choose, which tests use. Written at boot, then read-only.
 */
public record ListenConfig(
        SourceLine at,
        String host,
        int port,
        String unixPath,
        int backlog,
        boolean defaultServer) {

    /** {@code 0.0.0.0:80}, {@code [::]:80} or {@code unix:/run/x.sock}; equal for equal addresses. */
    public String key() {
        if (unixPath != null) {
            return "unix:" + unixPath;
        }
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
