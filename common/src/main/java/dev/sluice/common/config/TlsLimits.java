package dev.sluice.common.config;

/**
 * What a client may cost before it has spoken HTTP.
 *
 * @param handshakeTimeoutMs from the accepted connection to the end of the handshake
 * @param helloBytesMax the longest first message of a client
 * @param handshakesMax handshakes under way in a worker
 */
public record TlsLimits(long handshakeTimeoutMs, int helloBytesMax, int handshakesMax) {
}
