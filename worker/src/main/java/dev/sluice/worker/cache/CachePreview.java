package dev.sluice.worker.cache;

import dev.sluice.common.config.CacheUse;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.match.NetworkTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;

/** The key that a request would have and what PURGE would do, for who explains. Stateless. */
public final class CachePreview {

    private static final int KEY_BYTES_MAX = 16 * 1024;

    private CachePreview() {}

    /** @param texts gives a text with variables its value */
    public static String key(CacheUse use, String upstream, Exchange x,
            BiFunction<String, Exchange, String> texts) {
        if (use.key() != null) {
            return texts.apply(use.key(), x);
        }
        ByteBuffer memory = ByteBuffer.allocate(KEY_BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
        ByteSink out = new ByteSink().reset(memory, 0, KEY_BYTES_MAX);
        ValueTemplate noHost = (of, to) -> to.put(texts.apply(CachePlan.NO_HOST, of)
                .getBytes(StandardCharsets.UTF_8));
        CachePlan.writeKey(x, noHost, (" " + upstream).getBytes(StandardCharsets.UTF_8), out);
        return out.overflowed() ? "too long: it passes the cache by"
                : new String(memory.array(), 0, out.position(), StandardCharsets.UTF_8);
    }

    /** Whether the cache answers the request itself, instead of the peer. */
    public static boolean isPurge(CacheUse use, Exchange x) {
        return !use.purgeFrom().isEmpty() && PurgeHandler.isPurge(x);
    }

    /** Whether the client of a PURGE may. */
    public static boolean mayPurge(CacheUse use, Exchange x) {
        ByteBuffer memory = ByteBuffer.allocate(PurgeHandler.ADDRESS_BYTES);
        ByteSink out = new ByteSink().reset(memory, 0, PurgeHandler.ADDRESS_BYTES);
        x.client.remoteAddress(out);
        return NetworkTable.of(use.purgeFrom()).find(memory, 0, out.position())
                != NetworkTable.NONE;
    }

    /**
     * What a PURGE removes; null when its key does not hold the star that it ends with.
     *
     * @param texts gives a text with variables its value
     */
    public static String purged(CacheUse use, String upstream, Exchange x,
            BiFunction<String, Exchange, String> texts) {
        String tag = Tags.named(x.request.headers);
        String key = key(use, upstream, x, texts);
        if (tag != null) {
            return "removes all with the tag " + tag;
        }
        if (!PurgeHandler.endsWithStar(x.request)) {
            return "removes the answer with key " + key + ", or is told 404 when there is none";
        }
        int star = key.lastIndexOf('*');
        return star > 0 ? "removes all whose keys begin with " + key.substring(0, star) : null;
    }
}
