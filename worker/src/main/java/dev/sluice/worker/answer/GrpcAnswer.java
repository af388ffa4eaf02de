package dev.sluice.worker.answer;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.arena.ByteSink;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.AsciiBytes;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.HeaderTable;
import dev.sluice.worker.http.RequestHead;
import java.nio.charset.StandardCharsets;

/**
 * Errors for callers of gRPC: a status of HTTP says little to them, so they get 200 with a
 * grpc-status and nothing else (gRPC over HTTP/2, "Trailers-Only"), by the table of "HTTP to gRPC
 * Status Code Mapping". Stateless.
 */
final class GrpcAnswer {

    private static final byte[] TYPE = ascii("application/grpc");
    private static final byte[] STATUS = ascii("grpc-status");
    private static final byte[] MESSAGE = ascii("grpc-message");

    private static final byte[] HTTP = ascii("HTTP ");

    private static final int UNKNOWN = 2;
    private static final int DEADLINE_EXCEEDED = 4;
    private static final int PERMISSION_DENIED = 7;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int UNIMPLEMENTED = 12;
    private static final int INTERNAL = 13;
    private static final int UNAVAILABLE = 14;
    private static final int UNAUTHENTICATED = 16;

    private GrpcAnswer() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the request is a call: its type is application/grpc, alone or with more behind. */
    static boolean isCall(Exchange x) {
        if (x.request.version != RequestHead.HTTP_2) {
            return false;
        }
        HeaderTable headers = x.request.headers;
        int i = headers.find(HeaderName.CONTENT_TYPE);
        if (i < 0 || headers.valueLength(i) < TYPE.length || !AsciiBytes.equalsIgnoreCase(
                headers.buffer(), headers.valueOffset(i), TYPE.length, TYPE)) {
            return false;
        }
        int next = headers.valueLength(i) == TYPE.length ? ';'
                : headers.buffer().get(headers.valueOffset(i) + TYPE.length);
        return next == ';' || next == '+';
    }

    /** @param status that another client would get. @return false when it does not fit */
    static boolean send(Exchange x, int status) {
        ClientStream client = x.client;
        client.beginHead(200);
        client.header(HeaderName.CONTENT_TYPE, TYPE);
        client.headerDecimal(STATUS, statusOf(x, status));
        ByteSink message = client.beginHeader(MESSAGE);
        message.put(HTTP).putDecimal(status);
        client.endHeader();
        if (!client.endHead(ClientStream.LENGTH_UNKNOWN)) {
            return false;
        }
        client.endResponse();
        return true;
    }

    static int statusOf(Exchange x, int status) {
        return switch (status) {
            case 400, 431 -> INTERNAL;
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404 -> UNIMPLEMENTED;
            case 413 -> RESOURCE_EXHAUSTED;
            case 429, 502, 503 -> UNAVAILABLE;
            case 504 -> x.upstreamError == Termination.UPSTREAM_DEADLINE
                    ? DEADLINE_EXCEEDED : UNAVAILABLE;
            default -> UNKNOWN;
        };
    }
}
