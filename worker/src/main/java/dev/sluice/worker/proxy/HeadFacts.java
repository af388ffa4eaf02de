package dev.sluice.worker.proxy;

import dev.sluice.common.counters.Termination;
import dev.sluice.worker.exchange.ClientStream;
import dev.sluice.worker.exchange.Exchange;
import dev.sluice.worker.http.HeaderName;
import dev.sluice.worker.http.Method;
import dev.sluice.worker.http.ParseError;
import dev.sluice.worker.http.RequestHead;
import dev.sluice.worker.http.ResponseHead;
import dev.sluice.worker.http.Status;

/** What the head of a peer's response means for that of the client. Stateless. */
final class HeadFacts {

    private HeadFacts() {}

    /** The page of an error goes out with the status of the error. */
    static int status(Exchange x, ResponseHead head) {
        if (head.status == 101 && x.request.version == RequestHead.HTTP_2) {
            return Status.CONNECTED;
        }
        return head.status / 100 == 2 ? x.statusToSend(head.status) : head.status;
    }

    /** What {@link ClientStream#endHead} is told. */
    static long length(Exchange x, ResponseHead head) {
        if (Status.isBodiless(head.status)) {
            return ClientStream.NO_BODY;
        }
        return switch (head.framing) {
            case LENGTH -> head.contentLength;
            case NONE -> x.request.method == Method.HEAD
                    && !head.headers.has(HeaderName.CONTENT_LENGTH)
                    ? ClientStream.LENGTH_UNKNOWN : head.contentLength;
            case CHUNKED, UNTIL_CLOSE -> ClientStream.LENGTH_UNKNOWN;
        };
    }

    /** What the peer wants to know of the client (RFC 9110 section 11.6.1), or null. */
    static byte[] challenge(ResponseHead head) {
        int i = head.headers.find(HeaderName.WWW_AUTHENTICATE);
        if (i < 0) {
            return null;
        }
        byte[] value = new byte[head.headers.valueLength(i)];
        head.headers.buffer().get(head.headers.valueOffset(i), value);
        return value;
    }

    /** Why a head cannot be passed on. */
    static Termination failure(ParseError error) {
        return switch (error) {
            case HEADERS_TOO_LARGE, TOO_MANY_HEADERS, HEADER_NAME_TOO_LONG ->
                    Termination.UPSTREAM_HEAD_TOO_LARGE;
            default -> Termination.UPSTREAM_BAD_HEAD;
        };
    }
}
