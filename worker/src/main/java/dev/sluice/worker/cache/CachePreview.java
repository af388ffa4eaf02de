package dev.sluice.worker.cache;

import dev.sluice.common.config.CacheUse;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;

/** The key that a request would have, for who explains requests. Stateless. */
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
}
