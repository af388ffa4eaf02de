package dev.sluice.common.counters;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Why an exchange ended: every exchange ends once with exactly one of these. The reason is in the
 * access log, in the error line and in a counter block indexed by {@link #ordinal()}.
 *
 * <p>The constants live in {@code common} because the master writes their labels into the header of
 * each counter file; a reader uses those labels and never this enum, so a file of an older build
 * keeps its meaning. New constants go to the end of their side: the order is not part of any
 * format.
 *
 * <p>Stateless, any thread.
 */
public enum Termination {
    /** The response was handed to the kernel whole, whatever its status. */
    DONE(Side.NONE, "response sent whole"),

    CLIENT_BAD_REQUEST(Side.CLIENT, "client sent a request head that breaks the protocol"),
    CLIENT_CLOSED(Side.CLIENT, "client closed the connection before its response was complete"),
    CLIENT_RESET(Side.CLIENT, "client reset the connection"),
    CLIENT_HEAD_TIMEOUT(Side.CLIENT, "client did not finish its request head in time"),
    CLIENT_BODY_TIMEOUT(Side.CLIENT, "client sent no request body for too long"),
    CLIENT_SEND_TIMEOUT(Side.CLIENT, "client read nothing of its response for too long"),
    CLIENT_TOO_SLOW(Side.CLIENT, "client stayed below the minimum rate"),
    CLIENT_BODY_TOO_LARGE(Side.CLIENT, "client sent a body above the configured limit"),
    CLIENT_BODY_MALFORMED(Side.CLIENT, "client sent a malformed chunked body"),
    CLIENT_PROTOCOL_ERROR(Side.CLIENT, "client broke the rules of HTTP/2"),

    UPSTREAM_REFUSED(Side.UPSTREAM, "upstream refused the connection"),
    UPSTREAM_UNREACHABLE(Side.UPSTREAM, "upstream address cannot be reached or resolved"),
    UPSTREAM_CONNECT_TIMEOUT(Side.UPSTREAM, "upstream did not accept the connection in time"),
    UPSTREAM_SEND_TIMEOUT(Side.UPSTREAM, "upstream read nothing of the request for too long"),
    UPSTREAM_READ_TIMEOUT(Side.UPSTREAM, "upstream sent nothing for too long"),
    UPSTREAM_RESET_BEFORE_HEAD(
            Side.UPSTREAM, "upstream reset the connection before its response head was complete"),
    UPSTREAM_CLOSED_BEFORE_HEAD(
            Side.UPSTREAM, "upstream closed the connection before its response head was complete"),
    UPSTREAM_BAD_HEAD(Side.UPSTREAM, "upstream sent a response head that breaks the protocol"),
    UPSTREAM_HEAD_TOO_LARGE(Side.UPSTREAM, "upstream sent a response head above the limit"),
    UPSTREAM_CUT_BODY(Side.UPSTREAM, "upstream ended its response body too early"),
    UPSTREAM_BAD_BODY(Side.UPSTREAM, "upstream sent a malformed chunked body"),
    UPSTREAM_NONE_USABLE(Side.UPSTREAM, "no peer of the upstream can be used"),
    UPSTREAM_QUEUE_FULL(Side.UPSTREAM, "all peers are at max_conns and the queue is full"),
    UPSTREAM_QUEUE_TIMEOUT(
            Side.UPSTREAM, "all peers stayed at max_conns for too long while it was queued"),
    UPSTREAM_TLS_FAILED(Side.UPSTREAM, "TLS handshake with the upstream failed"),
    UPSTREAM_TLS_UNTRUSTED(Side.UPSTREAM, "the certificate of the upstream is not accepted"),
    UPSTREAM_UNKNOWN(Side.UPSTREAM, "the name in proxy_pass is not that of an upstream"),
    UPSTREAM_HEAD_TIMEOUT(
            Side.UPSTREAM, "upstream did not finish its response head in time"),
    UPSTREAM_ENDLESS_INTERIMS(Side.UPSTREAM, "upstream sent one interim response after another"),
    UPSTREAM_REFUSED_STREAM(Side.UPSTREAM, "upstream refused the stream"),
    UPSTREAM_GOAWAY(Side.UPSTREAM, "upstream closed its HTTP/2 connection to the request"),
    UPSTREAM_STREAM_RESET(Side.UPSTREAM, "upstream reset the stream"),
    UPSTREAM_PROTOCOL_ERROR(Side.UPSTREAM, "upstream broke the rules of HTTP/2"),
    UPSTREAM_CIRCUIT_OPEN(
            Side.UPSTREAM, "upstream is left alone after too many failures in a row"),
    UPSTREAM_DEADLINE(Side.UPSTREAM, "upstream did not answer within the call's grpc-timeout"),

    UPSTREAM_RESET(Side.UPSTREAM, "upstream reset the connection"),

    CLIENT_TUNNEL_IDLE(Side.CLIENT, "neither side of the tunnel sent anything for too long"),
    CLIENT_DENIED(Side.CLIENT, "client may not come, by its address or its certificate"),

    FILE_SHRANK(Side.FILE, "file became shorter while it was sent"),
    FILE_ERROR(Side.FILE, "file could not be read"),

    WORKER_OVERLOAD(Side.WORKER, "worker has no memory or slot left for the exchange"),
    WORKER_SHUTDOWN(Side.WORKER, "worker was stopped before the exchange could end"),
    WORKER_ERROR(Side.WORKER, "worker failed inside (a bug)"),

    WORKER_MODULE_ABORT(Side.WORKER, "a module closed the connection without an answer"),
    WORKER_NO_ADDRESS(
            Side.WORKER, "worker has no address or port of its own to reach the upstream from");

    /** Who ended the exchange. */
    public enum Side {
        NONE,
        CLIENT,
        UPSTREAM,
        FILE,
        WORKER
    }

    /** There is no answer, whatever has been sent: the client is left, or has left. */
    public static final int NO_STATUS = 0;

    private static final List<String> LABELS = collectLabels();

    private final Side side;
    private final String sentence;
    private final String label;

    Termination(Side side, String sentence) {
        this.side = side;
        this.sentence = sentence;
        this.label = name().toLowerCase(Locale.ROOT);
    }

    /** Labels of all constants in the order of their ordinals, for the header of a counter file. */
    public static List<String> labels() {
        return LABELS;
    }

    private static List<String> collectLabels() {
        List<String> all = new ArrayList<>();
        for (Termination t : values()) {
            all.add(t.label);
        }
        return List.copyOf(all);
    }

    /** Who ended the exchange; the level of its error line follows from this. */
    public Side side() {
        return side;
    }

    /** The value of {@code $termination} and of the metrics label: {@code client_reset}. */
    public String label() {
        return label;
    }

    /** What happened, for the error line: lower case, no full stop. */
    public String sentence() {
        return sentence;
    }

    /**
     * What the client is answered when this happens before anything of an answer was sent; {@link
     * #NO_STATUS} where it gets none, or one that is not decided by this.
     */
    public int status() {
        return switch (this) {
            case UPSTREAM_CONNECT_TIMEOUT, UPSTREAM_SEND_TIMEOUT, UPSTREAM_READ_TIMEOUT,
                    UPSTREAM_HEAD_TIMEOUT, UPSTREAM_DEADLINE -> 504;
            case UPSTREAM_NONE_USABLE, UPSTREAM_CIRCUIT_OPEN, UPSTREAM_QUEUE_FULL,
                    UPSTREAM_QUEUE_TIMEOUT, WORKER_OVERLOAD, WORKER_NO_ADDRESS -> 503;
            case WORKER_ERROR, FILE_SHRANK, FILE_ERROR -> 500;
            default -> side == Side.UPSTREAM ? 502 : NO_STATUS;
        };
    }

    /** Whether the response went out whole. */
    public boolean ok() {
        return this == DONE;
    }
}
