package dev.sluice.worker.variables;

import dev.sluice.common.config.ClaimsConfig.Trace;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The trace of a request (W3C Trace Context, level 2), where {@code traceparent} is on:
 *
 * <pre>
 *   00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
 *   version      trace id                  parent id      flags
 * </pre>
 *
 * A valid traceparent that is believed goes on with its trace id and flags; else a new trace
 * begins, random and sampled: who samples by the parent would otherwise record nothing at all. The
 * parent id of what peers get is this proxy's own, the same for all tries of a request.
 *
 * <p>Owner: event loop.
 */
final class TraceContext {

    private static final byte[] COMMA = {','};
    private static final byte[] VERSION = "00-".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SAMPLED_RANDOM = "-03".getBytes(StandardCharsets.US_ASCII);
    private static final int TRACE_AT = 3;
    private static final int TRACE_DIGITS = 32;
    private static final int PARENT_AT = 36;
    private static final int PARENT_DIGITS = 16;
    private static final int FLAGS_AT = 53;
    private static final int LENGTH = 55;
    /** Sampled and random: those that version 00 knows; others are sent as 0. */
    private static final int FLAGS_KNOWN = 0x03;
    private static final int NONE = -1;

    private final RequestIds ids;

    TraceContext(RequestIds ids) {
        this.ids = ids;
    }

    private static Trace mode(Exchange x) {
        return x.server == null ? Trace.OFF : x.server.config.claims().trace();
    }

    boolean traceId(Exchange x, ByteSink out) {
        if (mode(x) == Trace.OFF) {
            return false;
        }
        int at = accepted(x);
        if (at == NONE) {
            ids.appendTrace(ids.serialOf(x), out);
        } else {
            out.put(x.request.headers.buffer(), at + TRACE_AT, TRACE_DIGITS);
        }
        return true;
    }

    boolean spanId(Exchange x, ByteSink out) {
        if (mode(x) == Trace.OFF) {
            return false;
        }
        ids.appendSpan(ids.serialOf(x), out);
        return true;
    }

    boolean parent(Exchange x, ByteSink out) {
        if (mode(x) == Trace.OFF) {
            return false;
        }
        out.put(VERSION);
        traceId(x, out);
        out.put('-');
        spanId(x, out);
        int at = accepted(x);
        if (at == NONE) {
            out.put(SAMPLED_RANDOM);
        } else {
            int flags = Character.digit(x.request.headers.buffer().get(at + FLAGS_AT + 1), 16);
            out.put('-').put('0').put((char) ('0' + (flags & FLAGS_KNOWN)));
        }
        return true;
    }

    /** Only with a trace that goes on: it says something of that trace (section 3.3). */
    boolean state(Exchange x, ByteSink out) {
        return mode(x) != Trace.OFF && accepted(x) != NONE
                && NamedVariables.headerById(x, HeaderName.TRACESTATE, COMMA, out);
    }

    /** Where the traceparent begins that is valid and believed. */
    private static int accepted(Exchange x) {
        HeaderTable fields = x.request.headers;
        int i = fields.find(HeaderName.TRACEPARENT);
        if (i < 0 || fields.isRepeated(HeaderName.TRACEPARENT)
                || mode(x) == Trace.TRUSTED && !x.client.claim.isTrusted()) {
            return NONE;
        }
        int at = fields.valueOffset(i);
        return isValid(fields.buffer(), at, fields.valueLength(i)) ? at : NONE;
    }

    /** Later versions may have more behind the flags (section 3.2.4); ff is none. */
    private static boolean isValid(ByteBuffer b, int at, int length) {
        if (length < LENGTH || b.get(at + 2) != '-' || b.get(at + PARENT_AT - 1) != '-'
                || b.get(at + FLAGS_AT - 1) != '-') {
            return false;
        }
        boolean first = b.get(at) == '0' && b.get(at + 1) == '0';
        boolean never = b.get(at) == 'f' && b.get(at + 1) == 'f';
        boolean more = length > LENGTH;
        if (never || more && (first || b.get(at + LENGTH) != '-')) {
            return false;
        }
        return isHex(b, at, 2) && isHex(b, at + FLAGS_AT, 2)
                && isHex(b, at + TRACE_AT, TRACE_DIGITS) && !isZero(b, at + TRACE_AT, TRACE_DIGITS)
                && isHex(b, at + PARENT_AT, PARENT_DIGITS)
                && !isZero(b, at + PARENT_AT, PARENT_DIGITS);
    }

    private static boolean isHex(ByteBuffer b, int at, int count) {
        for (int i = at; i < at + count; i++) {
            byte c = b.get(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(ByteBuffer b, int at, int count) {
        for (int i = at; i < at + count; i++) {
            if (b.get(i) != '0') {
                return false;
            }
        }
        return true;
    }
}
