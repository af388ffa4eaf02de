package dev.sluice.worker.answer;

import dev.sluice.common.config.CorsConfig;
import dev.sluice.common.config.LocationConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.Gate;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.match.BytePattern;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The CORS protocol of the Fetch standard for one location: tells browsers which origins may use
 * it, on every answer, and answers their preflights itself. A preflight carries no credentials, so
 * as a gate it stands before those that ask for some.
 *
 * <p>Owner: event loop.
 */
public final class CorsRules implements Gate {

    private static final byte[] REQUEST_METHOD = ascii("access-control-request-method");
    private static final byte[] ALLOW_METHODS = ascii("Access-Control-Allow-Methods");
    private static final byte[] ALLOW_HEADERS = ascii("Access-Control-Allow-Headers");
    private static final byte[] MAX_AGE = ascii("Access-Control-Max-Age");
    private static final byte[] ALLOW_ORIGIN = ascii("Access-Control-Allow-Origin: ");
    private static final byte[] CREDENTIALS = ascii("Access-Control-Allow-Credentials: true\r\n");
    private static final byte[] EXPOSE = ascii("Access-Control-Expose-Headers: ");
    private static final byte[] VARY = ascii("Vary: Origin\r\n");
    private static final byte[] ORIGIN = ascii("origin");
    private static final byte[] ANY = ascii("*");
    private static final byte[] CRLF = ascii("\r\n");
    private static final int NO_CONTENT = 204;

    private final boolean everybody;
    private final boolean credentials;
    private final byte[][] origins;
    private final BytePattern[] patterns;
    private final byte[] methods;
    private final byte[] headers;
    private final byte[] expose;
    private final long maxAgeS;

    private CorsRules(CorsConfig config) {
        everybody = config.isForEverybody();
        credentials = config.credentials();
        origins = config.origins().stream()
                .filter(one -> !one.startsWith(CorsConfig.REGEX))
                .map(CorsRules::ascii).toArray(byte[][]::new);
        patterns = config.origins().stream()
                .filter(one -> one.startsWith(CorsConfig.REGEX))
                .map(one -> new BytePattern("^(?:" + one.substring(1) + ")$", false))
                .toArray(BytePattern[]::new);
        methods = list(config.methods());
        headers = list(config.headers());
        expose = list(config.expose());
        maxAgeS = config.maxAgeMs() / 1000;
    }

    /** Null where no other origin is allowed anything. */
    public static CorsRules of(LocationConfig location) {
        CorsConfig config = location.headers().cors();
        return config == null ? null : new CorsRules(config);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] list(List<String> words) {
        return ascii(String.join(", ", words));
    }

    /** Answers a preflight; everything else passes. */
    @Override
    public Outcome enter(Exchange x) {
        HeaderTable fields = x.request.headers;
        if (x.request.method != Method.OPTIONS || !fields.has(HeaderName.ORIGIN)
                || fields.find(REQUEST_METHOD) < 0) {
            return Outcome.PASS;
        }
        ClientStream client = x.client;
        Answers.begin(x, NO_CONTENT);
        if (isAllowed(fields)) {
            client.header(ALLOW_METHODS, methods);
            if (headers.length > 0) {
                client.header(ALLOW_HEADERS, headers);
            }
            client.headerDecimal(MAX_AGE, maxAgeS);
        }
        Answers.empty(x, ClientStream.NO_BODY);
        return Outcome.ANSWERED;
    }

    /**
     * Says on an answer who may read it. Where that depends on the origin, caches are told so
     * on answers to others too (Fetch, "CORS protocol and HTTP caches").
     */
    void apply(Exchange x, ByteSink head, int from) {
        HeaderTable fields = x.request.headers;
        if (everybody) {
            head.put(ALLOW_ORIGIN).put(ANY).put(CRLF);
            exposed(head);
            return;
        }
        if (isAllowed(fields)) {
            int i = fields.find(HeaderName.ORIGIN);
            head.put(ALLOW_ORIGIN).put(fields.buffer(), fields.valueOffset(i),
                    fields.valueLength(i)).put(CRLF);
            if (credentials) {
                head.put(CREDENTIALS);
            }
            exposed(head);
        }
        if (!variesAlready(head, from)) {
            head.put(VARY);
        }
    }

    private void exposed(ByteSink head) {
        if (expose.length > 0) {
            head.put(EXPOSE).put(expose).put(CRLF);
        }
    }

    private boolean isAllowed(HeaderTable fields) {
        int i = fields.find(HeaderName.ORIGIN);
        if (everybody || i < 0 || fields.isRepeated(HeaderName.ORIGIN)) {
            return everybody;
        }
        ByteBuffer b = fields.buffer();
        int at = fields.valueOffset(i);
        int length = fields.valueLength(i);
        for (byte[] origin : origins) {
            if (length == origin.length && AsciiBytes.startsWith(b, at, at + length, origin)) {
                return true;
            }
        }
        for (BytePattern pattern : patterns) {
            if (pattern.find(b, at, length)) {
                return true;
            }
        }
        return false;
    }

    private static boolean variesAlready(ByteSink head, int from) {
        ByteBuffer b = head.buffer();
        int end = head.position();
        for (int line = HeadLines.find(b, from, end, HeaderName.VARY); line != HeadLines.NONE;
                line = HeadLines.find(b, line, end, HeaderName.VARY)) {
            int valueAt = HeadLines.valueAt(b, line, end);
            int valueEnd = HeadLines.lineEnd(b, line, end);
            if (AsciiBytes.listHas(b, valueAt, valueEnd, ORIGIN)
                    || AsciiBytes.listHas(b, valueAt, valueEnd, ANY)) {
                return true;
            }
        }
        return false;
    }
}
