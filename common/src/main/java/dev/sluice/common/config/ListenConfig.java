package dev.sluice.common.config;

/**
 * One address to listen on: a literal IP address and a port, or the path of a unix socket. Port 0
 * lets the kernel choose, which tests use. With {@code auto} the first bytes of a connection say
 * what it speaks, TLS among them. Written at boot, then read-only.
 */
public record ListenConfig(
        SourceLine at,
        String host,
        int port,
        String unixPath,
        int backlog,
        boolean defaultServer,
        boolean ssl,
        boolean proxyProtocol,
        boolean auto,
        boolean udp,
        ListenOptions options) {

    /** Connections the kernel completes before they are accepted; it caps this at somaxconn. */
    public static final int BACKLOG_DEFAULT = 4096;

    /** Whether this line says something of the socket; others that share it need not. */
    public boolean saysSocket() {
        return backlog != BACKLOG_DEFAULT || !options.equals(ListenOptions.NONE);
    }

    /** How keys of datagrams begin. */
    public static final String UDP = "udp:";

    /**
     * {@code 0.0.0.0:80}, {@code [::]:80}, {@code udp:0.0.0.0:53}, {@code unix:/run/x.sock}: equal
     * for one address.
     */
    public String key() {
        if (unixPath != null) {
            return "unix:" + unixPath;
        }
        return (udp ? UDP : "") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
