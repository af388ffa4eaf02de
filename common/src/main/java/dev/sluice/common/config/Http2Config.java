package dev.sluice.common.config;

/**
 * Limits of connections of HTTP/2. Written at boot, then read-only.
 *
 * @param streamsMax streams of a connection at once
 * @param streamWindowBytes what a client may send on a stream before it is read
 * @param connectionWindowBytes the same for a connection
 * @param resetsPerMinuteMax streams reset, by the client and because of it, each
 * @param controlFramesPerMinuteMax frames that carry nothing
 */
public record Http2Config(int streamsMax, int streamWindowBytes, int connectionWindowBytes,
        int resetsPerMinuteMax, int controlFramesPerMinuteMax) {
}
