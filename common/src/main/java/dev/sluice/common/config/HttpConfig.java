package dev.sluice.common.config;

/**
 * What holds for every HTTP connection of a worker: the keys that only {@code [http]} has. Written
 * at boot, then read-only.
 */
public record HttpConfig(
        long clientHeaderTimeoutMs,
        int largeHeaderBufferBytes,
        int requestLineBytesMax,
        int maxHeaders,
        int maxActiveRequests,
        boolean mergeSlashes,
        boolean underscoresInHeaders,
        boolean serverTokens,
        int openFileCacheMax,
        long openFileCacheInactiveMs,
        long openFileCacheValidMs,
        int openFileCacheMinUses,
        boolean openFileCacheErrors,
        int slabCountMax,
        long keepaliveTimeMs,
        long certificateWatchMs,
        boolean dynamicRecords,
        int codingsMax,
        long codedBytes,
        Http2Config http2) {
}
