package dev.sluice.common.config;

/**
 * What the kernel is told of a listening TCP socket beyond its backlog. Written at boot, then
 * read-only.
 *
 * @param fastOpen connections with data in their SYN that may wait to be proved (TCP_FASTOPEN,
 *     tcp(7)); 0 takes none
 * @param deferred whether a connection is told of when its first byte is there
 * @param keepAlive whether the kernel probes idle connections (SO_KEEPALIVE, socket(7))
 * @param receiveBufferBytes of each connection; 0 leaves it to the kernel
 * @param sendBufferBytes of each connection; 0 leaves it to the kernel
 */
public record ListenOptions(int fastOpen, boolean deferred, boolean keepAlive,
        int receiveBufferBytes, int sendBufferBytes) {

    public static final ListenOptions NONE = new ListenOptions(0, false, false, 0, 0);
}
