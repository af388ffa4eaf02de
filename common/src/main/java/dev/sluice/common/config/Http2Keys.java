package dev.sluice.common.config;

import static dev.sluice.common.config.SectionKind.HTTP;
import static dev.sluice.common.config.SectionKind.SERVER;

import java.util.List;

/** The part of the table for HTTP/2 to clients. Written at boot, then read-only. */
public final class Http2Keys {

    private static final int STREAM_WINDOW_MAX = 64 * 1024;

    public static final ConfigKey<Boolean> HTTP2 = ConfigKey.single("http2", Scalars.FLAG, "off",
            "Whether clients may speak HTTP/2: over TLS when they ask for it (ALPN), without TLS"
                    + " when they begin with it. Without TLS the default server of the address"
                    + " decides.", HTTP, SERVER);

    public static final ConfigKey<Integer> MAX_CONCURRENT_STREAMS = ConfigKey.single(
            "http2_max_concurrent_streams", new Scalars.Count(1, 1000), "100",
            "The most requests of one connection at once; further ones are refused, and clients"
                    + " may send those again.", HTTP);

    public static final ConfigKey<Long> BODY_PREREAD_SIZE = ConfigKey.single(
            "http2_body_preread_size", new Scalars.Size(1024, STREAM_WINDOW_MAX), "64k",
            "The window of a stream: how much of a request body a client may send before it is"
                    + " read.", HTTP);

    public static final ConfigKey<Long> CONNECTION_WINDOW = ConfigKey.single(
            "http2_connection_window", new Scalars.Size(STREAM_WINDOW_MAX, 1 << 30), "1m",
            "The same for all streams of a connection together.", HTTP);

    public static final ConfigKey<Integer> MAX_RESETS = ConfigKey.single("http2_max_resets",
            new Scalars.Count(10, 1_000_000), "200",
            "The most streams of a connection that its client may cancel in a minute, and the most"
                    + " that it may have this side reset by mistakes; beyond it the connection"
                    + " ends.", HTTP);

    public static final ConfigKey<Integer> MAX_CONTROL_FRAMES = ConfigKey.single(
            "http2_max_control_frames", new Scalars.Count(50, 1_000_000), "1000",
            "The most frames without purpose a client may send in a minute (PING, SETTINGS,"
                    + " PRIORITY, empty or unknown ones, window updates for nothing); beyond it"
                    + " the connection ends.", HTTP);

    static final List<ConfigKey<?>> ALL = List.of(HTTP2, MAX_CONCURRENT_STREAMS,
            BODY_PREREAD_SIZE, CONNECTION_WINDOW, MAX_RESETS, MAX_CONTROL_FRAMES);

    private Http2Keys() {
    }

    static Http2Config check(Scope http) {
        return new Http2Config(http.value(MAX_CONCURRENT_STREAMS),
                // A window of 64k is one byte less: the protocol begins with that.
                (int) Math.min(STREAM_WINDOW_MAX - 1, http.value(BODY_PREREAD_SIZE)),
                http.value(CONNECTION_WINDOW).intValue(),
                http.value(MAX_RESETS), http.value(MAX_CONTROL_FRAMES));
    }
}
