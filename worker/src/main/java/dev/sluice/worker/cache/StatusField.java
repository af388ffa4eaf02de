package dev.sluice.worker.cache;

import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.cache.rules.ResponseFacts.Verdict;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.HeadRules;
import java.nio.charset.StandardCharsets;

/**
 * Writes Cache-Status (RFC 9211): what the cache did for an answer, and why it did no more.
 * Stateless.
 */
final class StatusField {

    private static final byte[] NAME = ascii("Cache-Status");
    private static final byte[] COLON = ascii(": ");
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] HIT = ascii("sluice; hit; ttl=");
    private static final byte[] PAST = ascii("sluice; ");
    private static final byte[] FORWARDED = ascii("sluice; fwd=");
    private static final byte[] CONFIRMED = ascii("; fwd-status=304");
    private static final byte[] STORED = ascii("; stored");
    private static final byte[] COLLAPSED = ascii("; collapsed");
    private static final byte[] DISK = ascii("; detail=disk");
    private static final byte[] DETAIL = ascii("; detail=");
    private static final byte[][] DETAILS = new byte[Verdict.values().length][];

    static {
        for (Verdict one : Verdict.values()) {
            DETAILS[one.ordinal()] = ascii(switch (one) {
                case STORE -> "";
                case NO_STORE -> "no-store";
                case PRIVATE -> "private";
                case AUTHORIZED -> "authorization";
                case SET_COOKIE -> "set-cookie";
                case VARIES_BY_ANYTHING -> "vary";
                case STATUS -> "status";
                case NO_LIFETIME -> "no-lifetime";
            });
        }
    }

    private StatusField() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * What a location does about heads, after it is written what an answer past its cache says.
     *
     * @param own null for nothing
     */
    static HeadRules before(HeadRules own) {
        return (x, head, from) -> {
            if (x.pastCache != null) {
                head.put(NAME).put(COLON).put(PAST).put(x.pastCache).put(CRLF);
            }
            if (own != null) {
                own.apply(x, head, from);
            }
        };
    }

    /** @param ttlS for how long it is fresh; below zero when it is stale by now */
    static void hit(ClientStream client, long ttlS) {
        ByteSink out = client.beginHeader(NAME).put(HIT);
        if (ttlS < 0) {
            out.put('-');
        }
        out.putDecimal(Math.abs(ttlS));
        client.endHeader();
    }

    /**
     * Of an answer that the peer gives now.
     *
     * @param confirmed whether it has said that what is stored holds still
     * @param diskFails whether it would be stored, if the last one could have been
     * @param collapsed whether it was another client's request that went to the peer
     */
    static void fetched(ClientStream client, Forward why, boolean confirmed, boolean stored,
            boolean diskFails, boolean collapsed) {
        ByteSink out = client.beginHeader(NAME).put(FORWARDED).put(why.word());
        if (confirmed) {
            out.put(CONFIRMED);
        }
        if (collapsed) {
            out.put(COLLAPSED);
        } else if (stored) {
            out.put(diskFails ? DISK : STORED);
        }
        client.endHeader();
    }

    /**
     * Of an answer that is passed on and not stored.
     *
     * @param verdict what keeps it from being stored; null when nobody has asked
     */
    static void passed(ClientStream client, Forward why, Verdict verdict) {
        ByteSink out = client.beginHeader(NAME).put(FORWARDED).put(why.word());
        if (verdict != null && verdict != Verdict.STORE) {
            out.put(DETAIL).put(DETAILS[verdict.ordinal()]);
        }
        client.endHeader();
    }
}
