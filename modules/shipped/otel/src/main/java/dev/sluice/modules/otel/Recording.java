package dev.sluice.modules.otel;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A request whose trace is known, while it is served. Sluice decides whose traces go on
 * ({@code traceparent} of the server); this adds a span for each try of a peer.
 *
 * <p>Owner: event loop.
 */
final class Recording {

    private static final int TRACE_AT = 3;
    private static final int SPAN_AT = 36;
    private static final int FLAGS_AT = 53;
    private static final int LENGTH = 55;

    /** A request on its way to a peer. */
    record Try(String spanId, Instant from) {}

    final String traceId;
    /** Of this proxy's own span. */
    final String spanId;
    /** Of the span that the client has sent; null in a new trace. */
    final String parentId;
    final boolean sampled;
    final Instant from;
    final List<Try> peers = new ArrayList<>(1);
    String location;
    private final char flags;

    private Recording(String own, String parentId, Sampling sampling, Instant from) {
        this.traceId = own.substring(TRACE_AT, TRACE_AT + 32);
        this.spanId = own.substring(SPAN_AT, SPAN_AT + 16);
        this.parentId = parentId;
        this.from = from;
        int theirs = Character.digit(own.charAt(FLAGS_AT + 1), 16);
        this.sampled = parentId != null ? (theirs & 1) != 0 : sampling.takes(traceId);
        this.flags = (char) ('0' + (theirs & 2 | (sampled ? 1 : 0)));
    }

    /**
     * @param own what Sluice would send to a peer; null is given back for an empty one: the server
     *     has {@code traceparent = off}
     * @param received what the client has sent, or null
     */
    static Recording of(String own, String received, Sampling sampling, Instant from) {
        if (own.length() != LENGTH) {
            return null;
        }
        boolean goesOn = received != null && received.length() >= LENGTH
                && received.regionMatches(TRACE_AT, own, TRACE_AT, 32);
        return new Recording(own, goesOn ? received.substring(SPAN_AT, SPAN_AT + 16) : null,
                sampling, from);
    }

    int tries() {
        return peers.size();
    }

    /** Begins a try. @return the field for the peer, whose parent is the span of this try */
    String asksPeer(Instant now) {
        String id = sampled ? newSpanId() : spanId;
        if (sampled) {
            peers.add(new Try(id, now));
        }
        return "00-" + traceId + "-" + id + "-0" + flags;
    }

    private static String newSpanId() {
        long id = ThreadLocalRandom.current().nextLong();
        return String.format("%016x", id == 0 ? 1 : id);
    }
}
