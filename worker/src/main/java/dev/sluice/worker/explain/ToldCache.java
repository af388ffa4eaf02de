package dev.sluice.worker.explain;

import dev.sluice.common.config.CacheUse;
import dev.sluice.common.config.SecretValues;
import dev.sluice.worker.cache.CachePreview;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Tells what a cache would do with a request, as far as that does not depend on what is stored or
 * what the peer answers. Owner: the calling thread.
 */
final class ToldCache {

    private static final int DONE = 200;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;

    private final BiFunction<String, Exchange, String> texts;
    private final SecretValues secrets;

    /** @param texts gives a text with variables its value */
    ToldCache(BiFunction<String, Exchange, String> texts, SecretValues secrets) {
        this.texts = texts;
        this.secrets = secrets;
    }

    /** @return the status that the cache answers with itself; 0 when the request goes on */
    int tell(CacheUse use, String upstream, Exchange x, Explanation to) {
        if (CachePreview.isPurge(use, x)) {
            return tellPurge(use, upstream, x, to);
        }
        tellUse(use, upstream, x, to);
        return 0;
    }

    private int tellPurge(CacheUse use, String upstream, Exchange x, Explanation to) {
        to.add("cache", use.name() + ": PURGE is answered here, no peer is asked");
        if (!CachePreview.mayPurge(use, x)) {
            to.add("", "refused: proxy_cache_purge lets only "
                    + String.join(" ", use.purgeFrom()));
            return FORBIDDEN;
        }
        String removed = CachePreview.purged(use, upstream, x, texts);
        to.add("", removed == null ? "proxy_cache_key does not hold what * ends" : removed);
        return removed == null ? BAD_REQUEST : DONE;
    }

    private void tellUse(CacheUse use, String upstream, Exchange x, Explanation to) {
        String past = past(use, x);
        if (past != null) {
            to.add("cache", use.name() + ": passed by, " + past);
            return;
        }
        String key = CachePreview.key(use, upstream, x, texts);
        to.add("cache", use.name() + ", key "
                + (use.key() == null ? key : secrets.shown(use.key(), key)));
        if (use.sliceBytes() > 0) {
            to.add("", "in slices of " + use.sliceBytes() + " bytes");
        }
        String bypass = set(use.bypass(), x);
        if (bypass != null) {
            to.add("", "the peer is asked all the same: proxy_cache_bypass " + bypass);
        }
        String notStored = set(use.notStored(), x);
        HeaderTable headers = x.request.headers;
        if (notStored != null) {
            to.add("", "the answer is not stored: proxy_no_cache " + notStored);
        } else if (headers.has(HeaderName.AUTHORIZATION)) {
            to.add("", "with Authorization an answer is stored only if it says public, s-maxage or"
                    + " must-revalidate (RFC 9111 3.5)");
        } else if (headers.has(HeaderName.COOKIE) && use.heuristic()) {
            to.add("", "with a Cookie no time is guessed for an answer that names none");
        }
        if (use.clientDirectives() && headers.has(HeaderName.CACHE_CONTROL)) {
            to.add("", "Cache-Control of the request counts (proxy_cache_client_control)");
        }
    }

    private static String past(CacheUse use, Exchange x) {
        int method = x.request.method;
        HeaderTable headers = x.request.headers;
        if (method != Method.GET && method != Method.HEAD) {
            return method == Method.OPTIONS || method == Method.TRACE
                    ? "it is neither GET nor HEAD"
                    : "it is neither GET nor HEAD; an answer that is no error removes what is"
                            + " stored (RFC 9111 4.4)";
        }
        if (method == Method.HEAD && !use.head()) {
            return "proxy_cache_methods has no HEAD";
        }
        if (headers.has(HeaderName.IF_MATCH) || headers.has(HeaderName.IF_UNMODIFIED_SINCE)) {
            return "If-Match and If-Unmodified-Since are the peer's to decide";
        }
        return x.request.upgrade ? "it asks for another protocol"
                : x.client.requestContentLength() != 0 ? "it has a body" : null;
    }

    private String set(List<String> conditions, Exchange x) {
        for (String one : conditions) {
            String value = texts.apply(one, x);
            if (!value.isEmpty() && !value.equals("0")) {
                return one + " is \"" + secrets.shown(one, value) + "\"";
            }
        }
        return null;
    }
}
