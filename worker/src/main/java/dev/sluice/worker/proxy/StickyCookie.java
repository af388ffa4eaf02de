package dev.sluice.worker.proxy;

import dev.sluice.common.config.StickyConfig;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.upstream.Peer;
import dev.sluice.worker.upstream.Upstream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cookie that brings a client back to its peer. Its value is a digest of the peer's name with a
 * key that only the workers have: it tells nobody an address and cannot be made up. It is sent when
 * the client has none, or one whose peer cannot serve any more; an unknown value counts as none.
 *
 * <p>The key lives in the workers' shared state: cookies outlive reloads and crashes, but not the
 * master.
 *
 * <p>Written at boot, then read-only.
 */
final class StickyCookie {

    /** Of the digest: what nobody guesses, and short. */
    private static final int DIGEST_BYTES = 12;

    private final byte[] name;
    private final Peer[] peers;
    private final byte[][] values;
    /** Whole values of Set-Cookie. */
    private final byte[][] fields;

    StickyCookie(Upstream upstream) {
        StickyConfig config = upstream.config.sticky();
        List<Peer> all = upstream.peers();
        name = config.cookie().getBytes(StandardCharsets.US_ASCII);
        peers = all.toArray(new Peer[0]);
        values = new byte[peers.length][];
        fields = new byte[peers.length][];
        String attributes = attributes(config);
        for (int i = 0; i < peers.length; i++) {
            String value = digest(upstream, peers[i].name());
            values[i] = value.getBytes(StandardCharsets.US_ASCII);
            fields[i] = (config.cookie() + "=" + value + attributes)
                    .getBytes(StandardCharsets.US_ASCII);
        }
    }

    private static String digest(Upstream upstream, String peer) {
        long[] secret = upstream.secret();
        byte[] key = ByteBuffer.allocate(16).putLong(secret[0]).putLong(secret[1]).array();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] digest = mac.doFinal(
                    (upstream.name() + "\n" + peer).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, DIGEST_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** RFC 6265 §4.1.1; Max-Age goes by the client's time since it got the cookie. */
    private static String attributes(StickyConfig config) {
        return (config.expiresMs() == 0 ? "" : "; Max-Age=" + config.expiresMs() / 1000)
                + (config.path() == null ? "" : "; Path=" + config.path())
                + (config.domain() == null ? "" : "; Domain=" + config.domain())
                + (config.httpOnly() ? "; HttpOnly" : "")
                + (config.secure() ? "; Secure" : "")
                + (config.sameSite() == null ? "" : "; SameSite=" + config.sameSite());
    }

    /** The peer that the request's cookie names; null without. */
    Peer peerOf(Exchange x) {
        HeaderTable headers = x.request.headers;
        for (int i = headers.find(HeaderName.COOKIE); i >= 0;
                i = headers.findNext(HeaderName.COOKIE, i)) {
            Peer peer = peerIn(headers.buffer(), headers.valueOffset(i),
                    headers.valueOffset(i) + headers.valueLength(i));
            if (peer != null) {
                return peer;
            }
        }
        return null;
    }

    private Peer peerIn(ByteBuffer b, int from, int end) {
        int at = from;
        while (at < end) {
            at = AsciiBytes.skipSpace(b, at, end);
            int cookieEnd = at;
            while (cookieEnd < end && b.get(cookieEnd) != ';') {
                cookieEnd++;
            }
            int value = at + name.length + 1;
            if (value < cookieEnd && b.get(value - 1) == '=' && holds(b, at, name)) {
                for (int i = 0; i < values.length; i++) {
                    if (cookieEnd - value == values[i].length && holds(b, value, values[i])) {
                        return peers[i];
                    }
                }
            }
            at = cookieEnd + 1;
        }
        return null;
    }

    /** Names of cookies are exact, unlike those of fields. */
    private static boolean holds(ByteBuffer b, int at, byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (b.get(at + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** @param wanted the peer that the client's cookie named; null without */
    void write(ClientStream client, Peer answers, Peer wanted) {
        // One that is only busy gets its client back with the next request.
        if (answers == wanted || wanted != null && wanted.isServing()) {
            return;
        }
        for (int i = 0; i < peers.length; i++) {
            if (peers[i] == answers) {
                client.header(HeaderName.SET_COOKIE, fields[i]);
            }
        }
    }
}
