package dev.sluice.worker.coding;

import dev.sluice.common.config.CodingConfig;
import dev.sluice.common.config.CodingConfig.Proxied;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.HttpDate;
import dev.sluice.worker.http.MediaTypeSet;
import dev.sluice.worker.http.RequestHead;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/**
 * Which answers of some locations are sent in another form: the keys {@code gzip...},
 * {@code brotli...}, {@code zstd...} and {@code gunzip} of their configuration.
 *
 * <p>Written at boot; its memory belongs to the event loop.
 */
final class CodingRules {

    private static final int VALUE_BYTES_MAX = 4 * 1024;
    private static final int OK = 200;
    private static final int FIRST_ERROR = 400;
    static final int PARTIAL_CONTENT = 206;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    /** Pools by {@link Coding}; null where it is off. */
    final CoderPool[] pools;
    /** Null when nothing is unpacked. */
    final CoderPool unpacking;
    final long gunzipBytesMax;
    final boolean vary;
    private final int offered;
    private final MediaTypeSet types;
    private final long lengthMin;
    private final Set<Proxied> proxied;
    private final ValueTemplate[] bypass;
    private final ByteSink value = new ByteSink();
    private final ByteBuffer valueMemory;

    /**
     * @param pools by {@link Coding}
     * @param templates compiles a text with variables
     */
    CodingRules(CodingConfig config, CoderPool[] pools, CoderPool unpacking,
            Function<String, ValueTemplate> templates) {
        this.pools = pools;
        this.unpacking = unpacking;
        gunzipBytesMax = config.gunzipBytesMax();
        vary = config.vary();
        int bits = 0;
        for (Coding coding : Coding.values()) {
            bits |= pools[coding.ordinal()] == null ? 0 : coding.bit();
        }
        offered = bits;
        types = new MediaTypeSet(config.types());
        lengthMin = config.lengthMin();
        proxied = config.proxied().isEmpty() ? EnumSet.noneOf(Proxied.class)
                : EnumSet.copyOf(config.proxied());
        bypass = config.bypass().stream().map(templates).toArray(ValueTemplate[]::new);
        valueMemory = ByteBuffer.allocate(bypass.length == 0 ? 0 : VALUE_BYTES_MAX);
    }

    /** The codings that answers may get. */
    int offered() {
        return offered;
    }

    /** Whether clients that accept a coding get this answer in it. */
    boolean compresses(Exchange x, AnswerFields fields, long contentLength) {
        if (offered == 0 || fields.coded || !hasWholeBody(x, fields, contentLength)
                || contentLength >= 0 && contentLength < lengthMin || !fields.hasTypeOf(types)) {
            return false;
        }
        return mayBeProxied(x, fields);
    }

    /** Whether the whole of an answer with these fields may come in more than one form. */
    boolean mayChange(AnswerFields fields) {
        return !fields.noTransform && !fields.digested && (unpacking != null && fields.gzipped
                || offered != 0 && !fields.coded && fields.hasTypeOf(types));
    }

    /** Whether there is a body whose form may be changed. */
    boolean hasWholeBody(Exchange x, AnswerFields fields, long contentLength) {
        return contentLength != ClientStream.NO_BODY && contentLength != 0
                && (x.status >= OK && x.status < 300 || x.status >= FIRST_ERROR)
                && x.status != RANGE_NOT_SATISFIABLE
                && !fields.ranged && !fields.noTransform && !fields.digested;
    }

    /**
     * HTTP/1.0 has no chunks, so the end of what has no length cannot be told from a cut: nothing
     * is compressed for it.
     */
    static boolean isTooOld(Exchange x) {
        return x.request.version <= RequestHead.HTTP_1_0;
    }

    private boolean mayBeProxied(Exchange x, AnswerFields fields) {
        HeaderTable request = x.request.headers;
        if (proxied.contains(Proxied.ANY) || !request.has(HeaderName.VIA)) {
            return true;
        }
        return proxied.contains(Proxied.AUTH) && request.has(HeaderName.AUTHORIZATION)
                || proxied.contains(Proxied.NO_CACHE) && fields.noCache
                || proxied.contains(Proxied.NO_STORE) && fields.noStore
                || proxied.contains(Proxied.PRIVATE) && fields.isPrivate
                || proxied.contains(Proxied.NO_LAST_MODIFIED) && !fields.hasLastModified
                || proxied.contains(Proxied.NO_ETAG) && !fields.hasEtag()
                || proxied.contains(Proxied.EXPIRED) && isExpired(x, fields);
    }

    private static boolean isExpired(Exchange x, AnswerFields fields) {
        if (!fields.hasExpires) {
            return false;
        }
        long seconds = HttpDate.parse(fields.buffer(), fields.expiresAt, fields.expiresLength);
        return seconds < 0 || seconds * 1000 <= x.ctx.clock.nowMs();
    }

    /** Whether one of the texts of {@code gzip_bypass} says so. */
    boolean isBypassed(Exchange x) {
        for (ValueTemplate text : bypass) {
            value.reset(valueMemory, 0, VALUE_BYTES_MAX);
            text.append(x, value);
            int length = value.position();
            if (value.overflowed() || length > 1 || length == 1 && valueMemory.get(0) != '0') {
                return true;
            }
        }
        return false;
    }
}
