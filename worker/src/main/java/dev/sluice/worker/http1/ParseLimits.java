package dev.sluice.worker.http1;

/**
 * The limits a parser obeys. Written at boot, then read-only.
 *
 * @param startLineBytesMax request line or status line, its CR LF included
 * @param headerBytesMax header block, from the first field to the end of the blank line
 * @param headersMax fields of one head
 * @param headerNameBytesMax longest field name
 * @param underscoresInNames false: fields whose name has an underscore are parsed and dropped
 * @param chunkExtensionBytesMax extension of one chunk
 * @param chunkExtensionsBytesMax extensions of all chunks of one message
 * @param trailerBytesMax trailer section
 */
public record ParseLimits(
        int startLineBytesMax,
        int headerBytesMax,
        int headersMax,
        int headerNameBytesMax,
        boolean underscoresInNames,
        int chunkExtensionBytesMax,
        int chunkExtensionsBytesMax,
        int trailerBytesMax) {

    public ParseLimits {
        assert startLineBytesMax > 16 && headerBytesMax > 16;
        assert headersMax > 0;
        // Names that are looked up whole are never cut short by the limit.
        assert headerNameBytesMax >= 32 && headerNameBytesMax <= 0xffff;
    }

    /** The limits that are configured; what has no key has its default. */
    public static ParseLimits of(
            int startLineBytesMax, int headerBytesMax, int headersMax, boolean underscores) {
        return new ParseLimits(
                startLineBytesMax, headerBytesMax, headersMax, 256, underscores,
                256, 16 * 1024, 8 * 1024);
    }

    /** 8 KiB of start line, 32 KiB of fields, at most 100 of them. */
    public static ParseLimits defaults() {
        return of(8 * 1024, 32 * 1024, 100, false);
    }
}
