package dev.sluice.worker.statics;

import dev.sluice.common.config.StaticConfig.Precompressed;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.coding.AcceptEncoding;
import dev.sluice.worker.coding.Coding;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import java.nio.charset.StandardCharsets;

/**
 * Files that lie compressed beside those they were made of: {@code .gz}, {@code .br},
 * {@code .zst}. One that is older than its original is none, since that has changed since.
 *
 * <p>Owner: event loop.
 */
final class CodedFiles {

    private static final byte[] ACCEPT_ENCODING =
            "Accept-Encoding".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GZIP = {'.', 'g', 'z'};
    private static final byte[] BROTLI = {'.', 'b', 'r'};
    private static final byte[] ZSTD = {'.', 'z', 's', 't'};

    private final StaticFiles files;
    private final AcceptEncoding accepted = new AcceptEncoding();
    private final int offered;
    private final boolean vary;
    /** The coding that {@link #find} has found last. */
    private Coding found;

    CodedFiles(StaticFiles files, Precompressed config) {
        this.files = files;
        offered = (config.gzip() ? Coding.GZIP.bit() : 0)
                | (config.brotli() ? Coding.BROTLI.bit() : 0)
                | (config.zstd() ? Coding.ZSTD.bit() : 0);
        vary = config.vary();
    }

    private static byte[] ending(Coding coding) {
        return switch (coding) {
            case GZIP -> GZIP;
            case BROTLI -> BROTLI;
            case ZSTD -> ZSTD;
        };
    }

    /**
     * The best of those that the client accepts and that are there, lent until it is released.
     *
     * @return null when the file itself is to be sent
     */
    CachedFile find(Exchange x, FileRoot root, CachedFile original) {
        accepted.read(x.request.headers);
        int left = offered;
        for (Coding coding = accepted.choose(left); coding != null;
                coding = accepted.choose(left)) {
            ByteSink path = files.scratchSink();
            path.put(original.path, 0, original.pathLength).put(ending(coding));
            CachedFile f = path.overflowed() ? null
                    : files.lookup(root, path.buffer(), 0, path.position());
            if (f != null && f.isFile() && isFresh(f, original)) {
                found = coding;
                return f;
            }
            if (f != null) {
                files.release(f);
            }
            left &= ~coding.bit();
        }
        return null;
    }

    Coding found() {
        return found;
    }

    private static boolean isFresh(CachedFile f, CachedFile original) {
        return f.mtimeSeconds > original.mtimeSeconds
                || f.mtimeSeconds == original.mtimeSeconds && f.mtimeNs >= original.mtimeNs;
    }

    /** On every answer, whichever file it is: another client gets another one. */
    void vary(ClientStream client) {
        if (vary) {
            client.header(HeaderName.VARY, ACCEPT_ENCODING);
        }
    }
}
