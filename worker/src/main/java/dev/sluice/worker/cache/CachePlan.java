package dev.sluice.worker.cache;

import dev.sluice.common.config.CacheUse;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.cache.rules.Policy;
import dev.sluice.worker.exchange.Conditions;
import dev.sluice.worker.exchange.ContentHandler;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ValueTemplate;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http1.PathEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How a location uses its cache, compiled.
 *
 * <p>Written at boot, then read-only.
 */
final class CachePlan {

    /** What {@code proxy_cache_use_stale} names besides statuses. */
    static final int ERROR = 1;
    static final int TIMEOUT = 1 << 1;
    static final int INVALID_HEADER = 1 << 2;
    static final int UPDATING = 1 << 3;

    /** Stands in the usual key of a request that names no host. */
    static final String NO_HOST = "$host";
    private static final byte[] HTTP = "http://".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HTTPS = "https://".getBytes(StandardCharsets.US_ASCII);
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final long MS_PER_S = 1000;

    final Cache cache;
    final ContentHandler inner;
    final CacheUse use;
    final Policy policy;
    final int staleFor;
    private final int[] staleStatuses;
    private final ValueTemplate key;
    private final ValueTemplate noHost;
    private final byte[] upstream;
    private final Conditions bypass;
    private final Conditions notStored;

    CachePlan(Cache cache, LocationConfig location, ContentHandler inner,
            Function<String, ValueTemplate> templates) {
        this.cache = cache;
        this.inner = inner;
        this.use = location.proxy().cache();
        this.key = use.key() == null ? null : templates.apply(use.key());
        this.noHost = templates.apply(NO_HOST);
        this.upstream = (" " + location.proxy().upstream()).getBytes(StandardCharsets.UTF_8);
        this.bypass = new Conditions(use.bypass(), templates);
        this.notStored = new Conditions(use.notStored(), templates);
        this.policy = policy(use);
        int bits = 0;
        List<Integer> statuses = new ArrayList<>();
        for (String word : use.useStale()) {
            bits |= switch (word) {
                case "error" -> ERROR;
                case "timeout" -> TIMEOUT;
                case "invalid_header" -> INVALID_HEADER;
                case "updating" -> UPDATING;
                default -> 0;
            };
            if (word.startsWith("http_")) {
                statuses.add(Integer.parseInt(word.substring(5)));
            }
        }
        staleFor = bits;
        staleStatuses = statuses.stream().mapToInt(Integer::intValue).toArray();
    }

    private static Policy policy(CacheUse use) {
        List<Integer> statuses = new ArrayList<>();
        List<Long> seconds = new ArrayList<>();
        for (CacheUse.Valid valid : use.valid()) {
            for (int status : valid.statuses()) {
                statuses.add(status);
                seconds.add(valid.timeMs() / MS_PER_S);
            }
        }
        List<String> ignored = use.ignoredFields();
        return new Policy(statuses.stream().mapToInt(Integer::intValue).toArray(),
                seconds.stream().mapToLong(Long::longValue).toArray(), use.heuristic(),
                ignored.contains("x-accel-expires"), ignored.contains("expires"),
                ignored.contains("cache-control"), ignored.contains("set-cookie"),
                ignored.contains("vary"));
    }

    /**
     * Writes the key: {@code https://host:443/path?query upstream}. The path is encoded as it is
     * sent on, so that no path can look like another one with a query.
     */
    void writeKey(Exchange x, ByteSink out) {
        if (key != null) {
            key.append(x, out);
        } else {
            writeKey(x, noHost, upstream, out);
        }
    }

    static void writeKey(Exchange x, ValueTemplate noHost, byte[] upstream, ByteSink out) {
        writeOrigin(x, noHost, out);
        PathEncoder.encode(x.pathBuffer, x.pathOffset, x.pathLength, out);
        if (x.queryLength != Exchange.NO_QUERY) {
            out.put('?').put(x.queryBuffer, x.queryOffset, x.queryLength);
        }
        out.put(upstream);
    }

    /**
     * What the client asked, by Host, :authority or an absolute target, since that is what peers
     * are told (X-Forwarded-Host) and make links of: not the port that it came in at. A dot at the
     * end of the host stays, as peers see it. Without a host there is no port either, so no
     * request that names one has such a key.
     */
    private static void writeOrigin(Exchange x, ValueTemplate noHost, ByteSink out) {
        boolean secure = x.client.secure();
        RequestHead head = x.request;
        out.put(secure ? HTTPS : HTTP);
        if (head.authorityLength == 0) {
            noHost.append(x, out);
            return;
        }
        ByteBuffer b = head.buffer();
        int end = head.hostOffset + head.hostLength;
        for (int i = head.hostOffset; i < end; i++) {
            out.put((char) AsciiBytes.lower(b.get(i)));
        }
        if (end < head.authorityOffset + head.authorityLength && b.get(end) == '.') {
            out.put('.');
        }
        int port = head.port != 0 ? head.port : secure ? HTTPS_PORT : HTTP_PORT;
        out.put(':').putDecimal(port);
    }

    /**
     * Writes the key of another URL of the same origin (RFC 9111 §4.4), with a path or whole.
     *
     * @return its length; 0 when it is of another origin, or keys are not made of URLs
     */
    int writeKeyOf(Exchange x, ByteBuffer url, int from, int length, ByteSink out) {
        int at = from;
        int end = from + length;
        byte[] origin = x.client.secure() ? HTTPS : HTTP;
        if (AsciiBytes.startsWith(url, at, end, origin)) {
            at += origin.length;
            int host = x.request.authorityLength;
            if (end - at <= host || !AsciiBytes.rangesEqualIgnoreCase(url, at, host,
                    x.request.buffer(), x.request.authorityOffset, host)) {
                return 0;
            }
            at += host;
        }
        if (key != null || at == end || url.get(at) != '/'
                || end - at > 1 && url.get(at + 1) == '/') {
            return 0;
        }
        writeOrigin(x, noHost, out);
        out.put(url, at, AsciiBytes.indexOf(url, at, end, '#') - at).put(upstream);
        return out.overflowed() ? 0 : out.position();
    }

    /**
     * Removes what is stored by the key in {@link Cache#key}, whole or in slices.
     *
     * @return whether there was any
     */
    boolean remove(int keyLength) {
        return cache.purge(cache.hash(keyLength));
    }

    boolean bypasses(Exchange x) {
        return bypass.anyHolds(x);
    }

    boolean forbidsStoring(Exchange x) {
        return notStored.anyHolds(x);
    }

    /** Whether a stale answer is given in place of a peer's with this status. */
    boolean isStaleFor(int status) {
        for (int one : staleStatuses) {
            if (one == status) {
                return true;
            }
        }
        return false;
    }
}
