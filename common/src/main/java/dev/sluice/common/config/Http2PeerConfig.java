package dev.sluice.common.config;

/**
 * How HTTP/2 is spoken to peers. Written at boot, then read-only.
 *
 * @param streamsMax streams of one connection at once
 * @param pingMs after how long without a word a peer is asked whether it lives; 0 for never
 */
public record Http2PeerConfig(int streamsMax, long pingMs) {
}
