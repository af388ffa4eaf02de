package dev.sluice.worker.realip;

import dev.sluice.common.config.ClaimsConfig;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientClaim;
import dev.sluice.worker.exchange.ClientFinder;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.exchange.ProxiedEnds;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.match.NetworkTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Finds the client behind trusted proxies. The list that they have made is walked from its end,
 * where the nearest of them has written: each element is believed because the one behind it is
 * trusted, and the first that is not trusted itself is the client. What stands before it is the
 * client's own invention and is never looked at.
 *
 * <pre>
 *   X-Forwarded-For: 6.6.6.6 , 203.0.113.9 , 10.0.0.2        connection from 10.0.0.1
 *                    forged    the client    trusted         trusted
 * </pre>
 *
 * An element that is no address ends the walk; the last one that was found stays.
 *
 * <p>Where the PROXY header names the client, its sender passes bytes on: the fields are those of
 * that client, and are believed only of one that is trusted itself.
 *
 * <p>Built at boot; its memory belongs to the event loop.
 */
public final class RealAddress implements ClientFinder {

    private static final int ADDRESS_BYTES_MAX = 128;

    private final NetworkTable trusted;
    private final int fieldId;
    private final byte[] fieldName;
    private final boolean recursive;
    /** The client is who the PROXY header names. */
    private final boolean byConnection;
    private final NodeText node = new NodeText();
    private final ByteSink sink = new ByteSink();
    private final ByteBuffer text = ByteBuffer.allocateDirect(ADDRESS_BYTES_MAX);

    private RealAddress(ClaimsConfig config) {
        trusted = NetworkTable.of(config.trusted());
        fieldId = HeaderName.idOf(config.addressField());
        fieldName = config.addressField().toLowerCase(Locale.ROOT)
                .getBytes(StandardCharsets.US_ASCII);
        recursive = config.recursive();
        byConnection = config.addressField().equals(ClaimsConfig.PROXY_PROTOCOL);
    }

    /** Null when no proxy is trusted. */
    public static ClientFinder of(ClaimsConfig config) {
        return config.trusted().isEmpty() ? null : new RealAddress(config);
    }

    @Override
    public void find(Exchange x) {
        sink.reset(text, 0, ADDRESS_BYTES_MAX);
        x.client.socketAddress(sink);
        if (trusted.find(text, 0, sink.position()) == NetworkTable.NONE) {
            return;
        }
        HeaderTable headers = x.request.headers;
        ProxiedEnds ends = x.client.proxied();
        if (ends != null && !endsAt(ends, headers, HeaderName.X_FORWARDED_FOR)
                && !endsAt(ends, headers, HeaderName.FORWARDED)) {
            x.client.claim.beginAtHeader();
        }
        if (byConnection && ends != null) {
            byHeader(x.client.claim, ends);
            return;
        }
        x.client.claim.trust();
        if (byConnection || fieldId != HeaderName.UNKNOWN && !headers.has(fieldId)) {
            return;
        }
        for (int i = headers.count() - 1; i >= 0; i--) {
            if (isField(headers, i) && !walk(x, headers.buffer(), headers.valueOffset(i),
                    headers.valueOffset(i) + headers.valueLength(i))) {
                return;
            }
        }
    }

    private void byHeader(ClientClaim claim, ProxiedEnds ends) {
        claim.set(ends.v4(), ends.clientHigh(), ends.clientLow(), ends.clientPort());
        if (trusted.find(ends.v4(), ends.clientHigh(), ends.clientLow()) != NetworkTable.NONE) {
            claim.trust();
        }
    }

    /**
     * Whether a list ends with the address of the PROXY header: its sender has written both, and
     * stands behind that address in the list by the one of its own.
     */
    private boolean endsAt(ProxiedEnds ends, HeaderTable headers, int list) {
        int last = -1;
        for (int i = headers.find(list); i >= 0; i = headers.findNext(list, i)) {
            last = i;
        }
        if (last < 0) {
            return false;
        }
        boolean forwarded = list == HeaderName.FORWARDED;
        ByteBuffer b = headers.buffer();
        int start = headers.valueOffset(last);
        int end = start + headers.valueLength(last);
        int from = AsciiBytes.skipSpace(b, lastComma(b, start, end, forwarded) + 1, end);
        return (forwarded ? node.parseForwarded(b, from, end) : node.parse(b, from, end))
                && node.address.high() == ends.clientHigh()
                && node.address.low() == ends.clientLow();
    }

    private boolean isField(HeaderTable headers, int i) {
        return fieldId != HeaderName.UNKNOWN ? headers.id(i) == fieldId
                : headers.nameEqualsIgnoreCase(i, fieldName);
    }

    /** @return whether the walk goes on in the field before this one */
    private boolean walk(Exchange x, ByteBuffer b, int start, int end) {
        boolean forwarded = fieldId == HeaderName.FORWARDED;
        while (end > start) {
            int comma = lastComma(b, start, end, forwarded);
            int from = AsciiBytes.skipSpace(b, comma + 1, end);
            int to = AsciiBytes.trimSpace(b, from, end);
            end = comma;
            if (from == to) {
                continue;
            }
            boolean address = forwarded ? node.parseForwarded(b, from, to)
                    : node.parse(b, from, to);
            if (!address) {
                return false;
            }
            x.client.claim.set(node.address.isV4(), node.address.high(), node.address.low(),
                    node.port());
            if (!recursive || trusted.find(node.address) == NetworkTable.NONE) {
                return false;
            }
        }
        return true;
    }

    /**
     * The last comma in the range, or the place before it. Quotes are paired from the end: a quote
     * that a client has left open then spoils its own element and not those behind it.
     */
    private static int lastComma(ByteBuffer b, int start, int end, boolean quotes) {
        boolean quoted = false;
        int at = end - 1;
        for (; at >= start; at--) {
            byte c = b.get(at);
            if (c == ',' && !quoted) {
                return at;
            }
            if (quotes && c == '"' && !isEscaped(b, start, at)) {
                quoted = !quoted;
            }
        }
        return at;
    }

    private static boolean isEscaped(ByteBuffer b, int start, int at) {
        int backslashes = 0;
        while (at - backslashes - 1 >= start && b.get(at - backslashes - 1) == '\\') {
            backslashes++;
        }
        return (backslashes & 1) == 1;
    }
}
